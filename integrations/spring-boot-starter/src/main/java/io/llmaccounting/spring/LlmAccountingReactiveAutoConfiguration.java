package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** Says who calls in reactive applications, and answers denied calls. */
@AutoConfiguration(after = LlmAccountingAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass({WebFilter.class, Mono.class})
@ConditionalOnBean({LlmAccounting.class, LlmAccountingProperties.class})
@ConditionalOnBooleanProperty(name = "llm.accounting.web.enabled", matchIfMissing = true)
public class LlmAccountingReactiveAutoConfiguration {
  LlmAccountingReactiveAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  RequestAttribution llmAccountingAttribution(LlmAccountingProperties properties) {
    return new ConfiguredAttribution(properties.web());
  }

  @Bean
  CallContextWebFilter llmAccountingWebFilter(RequestAttribution attribution) {
    return new CallContextWebFilter(attribution);
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "llm.accounting.web.answer-denials", matchIfMissing = true)
  DenialAdvice llmAccountingDenialAdvice(
      ApplicationContext application, LlmAccountingProperties properties) {
    return new DenialAdvice(application, properties.web().tellLimits());
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "llm.accounting.web.answer-denials", matchIfMissing = true)
  DenialExceptionHandler llmAccountingDenialHandler(LlmAccountingProperties properties) {
    return new DenialExceptionHandler(properties.web().tellLimits());
  }
}
