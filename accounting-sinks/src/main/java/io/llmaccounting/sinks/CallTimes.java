package io.llmaccounting.sinks;

import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a call began and ended.
 *
 * @param start when it was made
 * @param firstToken when its answer began, null if nobody knows
 * @param end when it was over; the start where nobody knows how long it took
 */
record CallTimes(Instant start, @Nullable Instant firstToken, Instant end) {
  static CallTimes of(Usage usage) {
    Instant start = usage.occurredAt();
    Duration latency = usage.details().latency();
    Duration first = usage.details().timeToFirstToken();
    return new CallTimes(
        start,
        first == null ? null : start.plus(first),
        latency == null ? start : start.plus(latency));
  }

  /** Nanoseconds since 1970, as OTLP wants them: in decimal digits. */
  static String nanos(Instant at) {
    return java.math.BigInteger.valueOf(at.getEpochSecond())
        .multiply(java.math.BigInteger.valueOf(1_000_000_000L))
        .add(java.math.BigInteger.valueOf(at.getNano()))
        .toString();
  }
}
