package io.llmaccounting.cli.reports;

import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Known;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls as rows: a few figures for people, everything that matters for programs. */
final class TailColumns {
  static final List<Column> FEW =
      List.of(
          Column.time("at"),
          Column.text("model"),
          Column.text("project").asSpare(),
          Column.text("user").asSpare(),
          Column.number("input_tokens").titled("input"),
          Column.number("output_tokens").titled("output"),
          Column.amount("cost"),
          Column.duration("latency").asSpare(),
          Column.text("outcome"));

  static final List<Column> ALL =
      List.of(
          Column.id("id"),
          Column.time("at"),
          Column.text("key"),
          Column.text("provider"),
          Column.text("model"),
          Column.text("response_model"),
          Column.text("operation"),
          Column.number("input_tokens"),
          Column.number("cache_read_tokens"),
          Column.number("cache_write_tokens"),
          Column.number("output_tokens"),
          Column.number("reasoning_tokens"),
          Column.text("source"),
          Column.amount("cost"),
          Column.text("priced_by"),
          Column.text("outcome"),
          Column.text("error_type"),
          Column.text("error_message"),
          Column.duration("latency"),
          Column.duration("time_to_first_token"),
          Column.text("user"),
          Column.text("project"),
          Column.text("caller"),
          Column.text("session"),
          Column.map("tags"),
          Column.time("charged_at"),
          Column.time("settled_at"),
          Column.flag("late"));

  private TailColumns() {}

  static @Nullable Object[] few(RecordedUsage recorded) {
    Usage usage = recorded.usage();
    TokenUsage tokens = usage.tokens();
    return new @Nullable Object[] {
      usage.occurredAt(),
      usage.model(),
      usage.attribution().project(),
      usage.attribution().user(),
      tokens == null ? null : tokens.input(),
      tokens == null ? null : tokens.output(),
      Known.cost(UsageTotals.of(recorded)),
      usage.details().latency(),
      usage.outcome() == Outcome.SUCCEEDED
          ? usage.outcome()
          : Shown.in(usage.outcome() == Outcome.FAILED ? Tone.BAD : Tone.WARNING, usage.outcome())
    };
  }

  static @Nullable Object[] all(RecordedUsage recorded) {
    Usage usage = recorded.usage();
    TokenUsage tokens = usage.tokens();
    CallDetails details = usage.details();
    Attribution who = usage.attribution();
    return new @Nullable Object[] {
      usage.id(),
      usage.occurredAt(),
      usage.key(),
      usage.provider(),
      usage.model(),
      usage.responseModel(),
      usage.operation(),
      tokens == null ? null : tokens.input(),
      tokens == null ? null : tokens.cacheRead(),
      tokens == null ? null : tokens.cacheWrite(),
      tokens == null ? null : tokens.output(),
      tokens == null ? null : tokens.reasoning(),
      usage.source(),
      recorded.cost().orElse(null),
      pricedBy(recorded),
      usage.outcome(),
      details.errorType(),
      details.errorMessage(),
      details.latency(),
      details.timeToFirstToken(),
      who.user(),
      who.project(),
      who.caller(),
      who.session(),
      who.tags(),
      recorded.chargedAt(),
      recorded.settledAt(),
      recorded.late()
    };
  }

  // What the cost that counts was computed from; nothing where the caller stated it.
  private static @Nullable String pricedBy(RecordedUsage recorded) {
    if (recorded.adjustment() != null) {
      return recorded.adjustment().pricedBy();
    }
    Usage usage = recorded.usage();
    return usage.givenCost() != null || usage.computedCost() == null
        ? null
        : usage.computedCost().pricedBy();
  }
}
