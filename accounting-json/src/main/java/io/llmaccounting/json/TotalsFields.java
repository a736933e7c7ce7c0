package io.llmaccounting.json;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageTotals;
import java.io.IOException;

/**
 * Sums over calls as fields of an object. Token parts stand side by side and include nothing of one
 * another, for sums that reach the largest number have no remainder to take others from. Those that
 * are 0 are left out.
 */
final class TotalsFields {
  private TotalsFields() {}

  static void write(JsonWriter to, UsageTotals totals) throws IOException {
    to.count("calls", totals.calls())
        .count("failed", totals.failed())
        .count("cancelled", totals.cancelled())
        .count("unfinished", totals.unfinished())
        .count("estimated", totals.estimated())
        .count("partial", totals.partial())
        .count("missing", totals.missing())
        .count("unpriced", totals.unpriced())
        .count("lower_bound", totals.lowerBound());
    write(to, totals.tokens());
    to.count("cost_nanos", totals.cost().nanos());
    write(to, "local_input", totals.localInput());
    write(to, "local_output", totals.localOutput());
    write(to, "latency_micros", totals.latency());
    write(to, "time_to_first_token_micros", totals.timeToFirstToken());
    write(to, "reported_cost_nanos", totals.reportedCost());
    write(to, "cost_difference_nanos", totals.costDifference());
  }

  private static void write(JsonWriter to, TokenUsage tokens) throws IOException {
    to.count("uncached_input_tokens", tokens.uncachedInput())
        .count("cache_read_tokens", tokens.cacheRead())
        .count("cache_write_tokens", tokens.cacheWrite5m())
        .count("cache_write_1h_tokens", tokens.cacheWrite1h())
        .count("audio_input_tokens", tokens.audioInput())
        .count("text_output_tokens", tokens.textOutput())
        .count("reasoning_tokens", tokens.reasoning())
        .count("audio_output_tokens", tokens.audioOutput())
        .number("total_tokens", tokens.reportedTotal());
  }

  private static void write(JsonWriter to, String name, UsageTotals.Sum sum) throws IOException {
    if (!sum.equals(UsageTotals.Sum.ZERO)) {
      to.beginObject(name).number("calls", sum.count()).number("sum", sum.sum()).endObject();
    }
  }

  /** Reads all of {@code fields}. */
  static UsageTotals read(JsonFields fields) {
    UsageTotals totals =
        new UsageTotals(
            count(fields, "calls"),
            count(fields, "failed"),
            count(fields, "cancelled"),
            count(fields, "unfinished"),
            count(fields, "estimated"),
            count(fields, "partial"),
            count(fields, "missing"),
            count(fields, "unpriced"),
            tokens(fields),
            Cost.ofNanos(count(fields, "cost_nanos")),
            sum(fields, "local_input"),
            sum(fields, "local_output"),
            sum(fields, "latency_micros"),
            sum(fields, "time_to_first_token_micros"),
            count(fields, "lower_bound"),
            sum(fields, "reported_cost_nanos"),
            sum(fields, "cost_difference_nanos"));
    fields.requireNoOthers();
    return totals;
  }

  private static TokenUsage tokens(JsonFields fields) {
    return new TokenUsage(
        count(fields, "uncached_input_tokens"),
        count(fields, "cache_read_tokens"),
        count(fields, "cache_write_tokens"),
        count(fields, "cache_write_1h_tokens"),
        count(fields, "audio_input_tokens"),
        count(fields, "text_output_tokens"),
        count(fields, "reasoning_tokens"),
        count(fields, "audio_output_tokens"),
        fields.optionalNumber("total_tokens", 0, Long.MAX_VALUE));
  }

  private static long count(JsonFields fields, String name) {
    Long count = fields.optionalNumber(name, 0, Long.MAX_VALUE);
    return count == null ? 0 : count;
  }

  private static UsageTotals.Sum sum(JsonFields fields, String name) {
    JsonFields inside = fields.optionalObject(name);
    if (inside == null) {
      return UsageTotals.Sum.ZERO;
    }
    UsageTotals.Sum sum =
        new UsageTotals.Sum(inside.number("calls", 0, Long.MAX_VALUE), inside.number("sum"));
    inside.requireNoOthers();
    return sum;
  }
}
