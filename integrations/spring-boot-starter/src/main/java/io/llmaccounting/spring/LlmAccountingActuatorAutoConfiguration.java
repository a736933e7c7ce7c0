package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import java.time.ZoneId;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Shows the accounting by Actuator: an endpoint, and how it fares. */
@AutoConfiguration(after = LlmAccountingAutoConfiguration.class)
@ConditionalOnBean({LlmAccounting.class, LlmAccountingProperties.class})
public class LlmAccountingActuatorAutoConfiguration {
  LlmAccountingActuatorAutoConfiguration() {}

  /** The endpoint, which both lines of Spring Boot know by the same names. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
  static class Endpoints {
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    AccountingEndpoint llmAccountingEndpoint(
        LlmAccounting accounting, LlmAccountingProperties properties) {
      return new AccountingEndpoint(accounting, ZoneId.of(properties.limitZone()));
    }
  }

  /** Health where Spring Boot 3.5 has it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.actuate.health.HealthIndicator",
        "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
      })
  static class HealthOf35 {
    @Bean
    @ConditionalOnMissingBean(name = "llmaccountingHealthIndicator")
    @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator(
        "llmaccounting")
    HealthIndicator35 llmaccountingHealthIndicator(
        LlmAccounting accounting, LlmAccountingProperties properties) {
      return new HealthIndicator35(
          new HealthReading(accounting::health, properties.health().downIf()));
    }
  }

  /** Health where Spring Boot 4.0 has it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.health.contributor.HealthIndicator",
        "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
      })
  static class HealthOf40 {
    @Bean
    @ConditionalOnMissingBean(name = "llmaccountingHealthIndicator")
    @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator(
        "llmaccounting")
    HealthIndicator40 llmaccountingHealthIndicator(
        LlmAccounting accounting, LlmAccountingProperties properties) {
      return new HealthIndicator40(
          new HealthReading(accounting::health, properties.health().downIf()));
    }
  }
}
