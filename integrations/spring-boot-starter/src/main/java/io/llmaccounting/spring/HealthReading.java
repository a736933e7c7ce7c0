package io.llmaccounting.spring;

import io.llmaccounting.health.Health;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Says how the accounting fares, for the health indicators of both lines of Spring Boot. */
final class HealthReading {
  private final Supplier<Health> source;
  private final LlmAccountingProperties.DownIf down;

  HealthReading(Supplier<Health> source, LlmAccountingProperties.DownIf down) {
    this.source = source;
    this.down = down;
  }

  /** What was read once. */
  record Reading(boolean isDown, Map<String, Object> details) {}

  Reading read() {
    Health health = source.get();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("well", health.isWell());
    details.put("store", health.store().breaker().name());
    if (health.store().reason() != null) {
      details.put("reason", health.store().reason());
    }
    details.put("underWay", health.underWay());
    details.put("recorded", health.counts().recorded());
    details.put("denied", health.counts().denied());
    details.put("lost", health.counts().lost());
    details.put("buffered", health.buffer().records());
    details.put("spooled", health.spool().records());
    details.put("deadLetters", health.spool().deadLetters());
    return new Reading(isDown(health), details);
  }

  private boolean isDown(Health health) {
    return switch (down) {
      case NEVER -> false;
      case STORE_AWAY -> health.store().breaker() == Health.Breaker.OPEN;
      case NOT_WELL -> !health.isWell();
    };
  }
}
