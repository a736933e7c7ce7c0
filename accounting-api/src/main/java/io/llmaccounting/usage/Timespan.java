package io.llmaccounting.usage;

import java.time.Instant;

/** A period, or words such as "this month" that become one by the accounting's clock. */
@FunctionalInterface
public interface Timespan {
  /** The period that this means at {@code now}. */
  TimeRange at(Instant now);
}
