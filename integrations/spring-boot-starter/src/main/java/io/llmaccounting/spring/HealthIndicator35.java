package io.llmaccounting.spring;

import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/** How the accounting fares, for Spring Boot 3.5. */
final class HealthIndicator35 extends AbstractHealthIndicator {
  private final HealthReading health;

  HealthIndicator35(HealthReading health) {
    super("the health of LLM Accounting could not be read");
    this.health = health;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    HealthReading.Reading reading = health.read();
    (reading.isDown() ? builder.down() : builder.up()).withDetails(reading.details());
  }
}
