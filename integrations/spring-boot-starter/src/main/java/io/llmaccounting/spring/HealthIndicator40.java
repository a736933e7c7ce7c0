package io.llmaccounting.spring;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** How the accounting fares, for Spring Boot 4.0. */
final class HealthIndicator40 extends AbstractHealthIndicator {
  private final HealthReading health;

  HealthIndicator40(HealthReading health) {
    super("the health of LLM Accounting could not be read");
    this.health = health;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    HealthReading.Reading reading = health.read();
    (reading.isDown() ? builder.down() : builder.up()).withDetails(reading.details());
  }
}
