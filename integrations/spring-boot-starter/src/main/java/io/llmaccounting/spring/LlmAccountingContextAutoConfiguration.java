package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallContext;
import io.micrometer.context.ContextRegistry;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;
import reactor.core.publisher.Hooks;

/** Lets who calls follow to other threads: of Spring's executors, and of reactive chains. */
@AutoConfiguration(
    after = LlmAccountingAutoConfiguration.class,
    beforeName = "org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration")
@ConditionalOnBean(LlmAccounting.class)
@ConditionalOnBooleanProperty(name = "llm.accounting.carry-context", matchIfMissing = true)
public class LlmAccountingContextAutoConfiguration {
  LlmAccountingContextAutoConfiguration() {}

  // Spring Boot 3.5 decorates by one bean only, so that of the application stays alone
  @Bean
  @ConditionalOnMissingBean(TaskDecorator.class)
  TaskDecorator llmAccountingTaskDecorator() {
    return task -> CallContext.wrap(task);
  }

  /** Where Micrometer's context propagation is there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ContextRegistry.class)
  static class Propagation {
    @Bean
    @Lazy(false) // nobody asks for it
    InitializingBean llmAccountingContextAccessor() {
      return () ->
          ContextRegistry.getInstance().registerThreadLocalAccessor(new CallContextAccessor());
    }
  }

  /** Where there are reactive chains, too; those that servlets return are handed it by Spring. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({ContextRegistry.class, Hooks.class})
  static class ReactivePropagation {
    @Bean
    @Lazy(false) // nobody asks for it
    InitializingBean llmAccountingReactivePropagation(Environment environment) {
      return () -> {
        // an application that says otherwise is right
        if (!environment.containsProperty("spring.reactor.context-propagation")) {
          Hooks.enableAutomaticContextPropagation();
        }
      };
    }
  }

  /** Where a reactive application lacks it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("io.micrometer.context.ContextRegistry")
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
  static class NoPropagation {
    @Bean
    @Lazy(false) // nobody asks for it
    InitializingBean llmAccountingPropagationMissing() {
      return () ->
          LoggerFactory.getLogger(LlmAccountingContextAutoConfiguration.class)
              .warn(
                  "Who calls models is known on the threads on which requests arrive only; add"
                      + " io.micrometer:context-propagation, so that it follows to others");
    }
  }
}
