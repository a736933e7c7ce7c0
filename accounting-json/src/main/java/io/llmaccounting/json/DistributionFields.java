package io.llmaccounting.json;

import io.llmaccounting.usage.Distribution;
import io.llmaccounting.usage.Distribution.Range;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Minima, maxima and percentiles as the object {@code distribution}. */
final class DistributionFields {
  private DistributionFields() {}

  static void write(JsonWriter to, @Nullable Distribution distribution) throws IOException {
    if (distribution == null) {
      return;
    }
    to.beginObject("distribution");
    write(to, "input_tokens", distribution.inputTokens());
    write(to, "output_tokens", distribution.outputTokens());
    write(to, "all_tokens", distribution.totalTokens());
    write(to, "cost_nanos", distribution.costNanos());
    write(to, "latency_micros", distribution.latencyMicros());
    Map<String, Long> percentiles = new TreeMap<>();
    distribution
        .latencyPercentiles()
        .forEach((percent, micros) -> percentiles.put(Integer.toString(percent), micros));
    to.map("latency_percentiles", percentiles).endObject();
  }

  private static void write(JsonWriter to, String name, @Nullable Range range) throws IOException {
    if (range != null) {
      to.beginObject(name).number("min", range.min()).number("max", range.max()).endObject();
    }
  }

  static @Nullable Distribution read(@Nullable JsonFields fields) {
    if (fields == null) {
      return null;
    }
    Map<Integer, Long> percentiles = new TreeMap<>();
    fields
        .counts("latency_percentiles")
        .forEach((percent, micros) -> percentiles.put(percent(percent), micros));
    Distribution distribution =
        new Distribution(
            range(fields, "input_tokens"),
            range(fields, "output_tokens"),
            range(fields, "all_tokens"),
            range(fields, "cost_nanos"),
            range(fields, "latency_micros"),
            percentiles);
    fields.requireNoOthers();
    return distribution;
  }

  private static int percent(String text) {
    if (!text.matches("[1-9][0-9]?")) {
      throw new IllegalArgumentException(
          "latency_percentiles must have percents from 1 to 99 as names, had \"%s\""
              .formatted(text));
    }
    return Integer.parseInt(text);
  }

  private static @Nullable Range range(JsonFields fields, String name) {
    JsonFields inside = fields.optionalObject(name);
    if (inside == null) {
      return null;
    }
    Range range = new Range(inside.number("min"), inside.number("max"));
    inside.requireNoOthers();
    return range;
  }
}
