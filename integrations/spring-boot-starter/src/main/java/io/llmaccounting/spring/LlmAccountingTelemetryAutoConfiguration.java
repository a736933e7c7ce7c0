package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.opentelemetry.AccountingTelemetry;
import io.llmaccounting.opentelemetry.TelemetrySettings;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Tells OpenTelemetry of calls, where accounting-opentelemetry and a bean of it are there. */
@AutoConfiguration(
    after = LlmAccountingAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration",
      "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
      "io.opentelemetry.instrumentation.spring.autoconfigure.OpenTelemetryAutoConfiguration"
    })
@ConditionalOnClass({AccountingTelemetry.class, OpenTelemetry.class})
@ConditionalOnBean({LlmAccounting.class, LlmAccountingProperties.class, OpenTelemetry.class})
@ConditionalOnBooleanProperty(name = "llm.accounting.telemetry.enabled", matchIfMissing = true)
public class LlmAccountingTelemetryAutoConfiguration {
  LlmAccountingTelemetryAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  AccountingTelemetry llmAccountingTelemetry(
      OpenTelemetry telemetry, LlmAccountingProperties properties) {
    TelemetrySettings settings = TelemetrySettings.defaults();
    settings = properties.telemetry().spans() ? settings : settings.withoutSpans();
    settings = properties.telemetry().metrics() ? settings : settings.withoutMetrics();
    return new AccountingTelemetry(telemetry, settings);
  }
}
