package io.llmaccounting.spring.test;

import io.llmaccounting.spring.LlmAccountingAutoConfiguration;
import io.llmaccounting.spring.LlmAccountingCustomizer;
import io.llmaccounting.spring.LlmAccountingLangChain4jAutoConfiguration;
import io.llmaccounting.spring.LlmAccountingSpringAiAutoConfiguration;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * An accounting in memory, with a clock that stands still until it is moved. {@link
 * LlmAccountingTest} has it; another test of Spring gets it by
 * {@code @Import(InMemoryAccounting.class)}, in place of what its application keeps usage in.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
  LlmAccountingAutoConfiguration.class,
  LlmAccountingLangChain4jAutoConfiguration.class,
  LlmAccountingSpringAiAutoConfiguration.class
})
public class InMemoryAccounting {
  InMemoryAccounting() {}

  @Bean
  ManualClock llmAccountingTestClock() {
    return ManualClock.create();
  }

  @Bean
  InMemoryBackend llmAccountingTestBackend(ManualClock clock) {
    return InMemoryBackend.create(clock);
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  LlmAccountingCustomizer llmAccountingTestTime(ManualClock clock) {
    return builder -> builder.clock(clock);
  }
}
