package io.llmaccounting.sinks;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a sink is run.
 *
 * @param batch how many records it gets at once, 1 to 1,000
 * @param timeout how long a delivery may take, 100 ms to 10 minutes; it is interrupted then
 * @param from calls made at this instant or later that are recorded already when the sink is first
 *     run are delivered, too; null for none of them
 * @param redaction what it learns of who made a call
 */
public record SinkSettings(
    int batch, Duration timeout, @Nullable Instant from, Redaction redaction) {
  private static final int MOST = 1_000;
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Checks the ranges. */
  public SinkSettings {
    if (batch < 1 || batch > MOST) {
      throw new IllegalArgumentException("batch must be 1 to 1000, was " + batch);
    }
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "timeout must be 100 ms to 10 minutes, was %s".formatted(timeout));
    }
    Objects.requireNonNull(redaction, "redaction is required, was null");
  }

  /** 100 records, 30 seconds, from now on, everything is passed on. */
  public static SinkSettings defaults() {
    return new SinkSettings(100, Duration.ofSeconds(30), null, Redaction.none());
  }

  /** Returns a copy with another size of batches. */
  public SinkSettings batch(int records) {
    return new SinkSettings(records, timeout, from, redaction);
  }

  /** Returns a copy with another timeout. */
  public SinkSettings timeout(Duration longest) {
    return new SinkSettings(batch, longest, from, redaction);
  }

  /** Returns a copy that begins with calls made at {@code first}. */
  public SinkSettings from(Instant first) {
    return new SinkSettings(batch, timeout, first, redaction);
  }

  /** Returns a copy that begins with the first call there is. */
  public SinkSettings fromTheBeginning() {
    return from(Instant.EPOCH);
  }

  /** Returns a copy that tells less of who made a call. */
  public SinkSettings redaction(Redaction names) {
    return new SinkSettings(batch, timeout, from, names);
  }
}
