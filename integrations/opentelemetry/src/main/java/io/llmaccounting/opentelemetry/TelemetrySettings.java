package io.llmaccounting.opentelemetry;

/**
 * What OpenTelemetry is told, and under which names. Immutable.
 *
 * @param spans whether every call has a span
 * @param metrics whether calls are measured
 * @param tokenMetric the name of the histogram of tokens
 * @param durationMetric the name of the histogram of durations
 */
public record TelemetrySettings(
    boolean spans, boolean metrics, String tokenMetric, String durationMetric) {
  /** Checks the names. */
  public TelemetrySettings {
    requireName("tokenMetric", tokenMetric);
    requireName("durationMetric", durationMetric);
  }

  private static void requireName(String field, String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(field + " must not be blank, was \"" + name + "\"");
    }
  }

  /** Spans and metrics, under the names of the conventions. */
  public static TelemetrySettings defaults() {
    return new TelemetrySettings(
        true, true, "gen_ai.client.token.usage", "gen_ai.client.operation.duration");
  }

  /** Returns a copy without spans, for applications whose SDKs make spans themselves. */
  public TelemetrySettings withoutSpans() {
    return new TelemetrySettings(false, metrics, tokenMetric, durationMetric);
  }

  /** Returns a copy without metrics, for applications that have Micrometer's. */
  public TelemetrySettings withoutMetrics() {
    return new TelemetrySettings(spans, false, tokenMetric, durationMetric);
  }

  /** Returns a copy with these names of histograms. */
  public TelemetrySettings named(String tokens, String durations) {
    return new TelemetrySettings(spans, metrics, tokens, durations);
  }
}
