package io.llmaccounting.usage;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How values are spread over the calls of a row. A part is empty where no call has a value.
 *
 * @param inputTokens input tokens a call, or null
 * @param outputTokens output tokens a call, or null
 * @param totalTokens all tokens a call, or null
 * @param costNanos nano-dollars a call, or null
 * @param latencyMicros microseconds a call, or null
 * @param latencyPercentiles percentile (50, 90, 95, 99) to microseconds: the smallest latency that
 *     at least so many percent of the calls do not exceed (nearest rank)
 */
public record Distribution(
    @Nullable Range inputTokens,
    @Nullable Range outputTokens,
    @Nullable Range totalTokens,
    @Nullable Range costNanos,
    @Nullable Range latencyMicros,
    Map<Integer, Long> latencyPercentiles) {

  /**
   * Smallest and largest value.
   *
   * @param min the smallest
   * @param max the largest
   */
  public record Range(long min, long max) {}

  /** Copies the percentiles. */
  public Distribution {
    latencyPercentiles = Map.copyOf(latencyPercentiles);
  }

  /**
   * The latency that {@code percent} of the calls do not exceed; percents are 50, 90, 95 and 99.
   */
  public Optional<Duration> latencyPercentile(int percent) {
    return Optional.ofNullable(latencyPercentiles.get(percent))
        .map(micros -> Duration.of(micros, java.time.temporal.ChronoUnit.MICROS));
  }
}
