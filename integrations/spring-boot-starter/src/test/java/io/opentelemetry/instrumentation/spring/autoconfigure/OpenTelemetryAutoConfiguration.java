package io.opentelemetry.instrumentation.spring.autoconfigure;

import io.opentelemetry.api.OpenTelemetry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Stands in for that of OpenTelemetry's starter, which has this name. */
@AutoConfiguration
public class OpenTelemetryAutoConfiguration {
  @Bean
  OpenTelemetry openTelemetry() {
    return OpenTelemetry.noop();
  }
}
