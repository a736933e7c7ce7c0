package io.llmaccounting.sql;

import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Says which records of a batch may be stored: those behind the purge horizon only if they are
 * forced.
 *
 * @param micros the purge horizon, microseconds since 1970
 * @param forced ids of records that are stored however old they are
 */
record PurgeFilter(long micros, Predicate<UUID> forced) {
  boolean admits(RecordedUsage recorded) {
    return Micros.of(recorded.usage().occurredAt()) >= micros || forces(recorded);
  }

  boolean forces(RecordedUsage recorded) {
    return forced.test(recorded.usage().id());
  }

  Instant horizon() {
    return Micros.instant(micros);
  }
}
