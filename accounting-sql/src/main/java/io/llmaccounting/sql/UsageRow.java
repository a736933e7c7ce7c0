package io.llmaccounting.sql;

import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A usage record as a row: all columns of usage_event in their order, then the correction. */
public final class UsageRow {
  /** All columns of usage_event. Written out, because jOOQ takes long to be loaded. */
  static final List<String> COLUMNS =
      List.of(
          ("id idempotency_key occurred_at model response_model provider operation uncached_input"
                  + " cache_read cache_write_5m cache_write_1h audio_input text_output reasoning"
                  + " audio_output reported_total source local_input local_output extras given_cost"
                  + " computed_cost priced_by outcome latency time_to_first_token streamed"
                  + " finish_reason response_id attempts error_type error_message service_tier"
                  + " batch region raw_usage project user_name caller session tags charged_at"
                  + " settled_at late parts reported_cost prefers_computed lower_bound speed"
                  + " asked")
              .split(" "));

  /** How many columns a record is read from behind those of usage_event. */
  public static final int ADJUSTED = AdjustmentRow.COLUMNS.size();

  /** Selects records with their latest correction, without a WHERE; usage_event is {@code e}. */
  public static String select(SqlDialect dialect) {
    return select(dialect, latest(dialect));
  }

  /** Selects records with the correction of a sequence that is to be bound, if there is one. */
  static String selectVersion(SqlDialect dialect) {
    return select(dialect, "?");
  }

  /** Records as {@code e} with their latest correction as {@code a}, to select from. */
  public static String source(SqlDialect dialect) {
    return source(dialect, latest(dialect));
  }

  private static String latest(SqlDialect dialect) {
    return "(SELECT max(m.seq) FROM usage_adjustment m WHERE "
        + dialect.shards().together("m", "e")
        + "m.usage_id = e.id)";
  }

  private static String source(SqlDialect dialect, String seq) {
    return "usage_event e LEFT JOIN usage_adjustment a ON "
        + dialect.shards().together("a", "e")
        + "a.usage_id = e.id AND a.seq = "
        + seq;
  }

  private static String select(SqlDialect dialect, String seq) {
    return COLUMNS.stream()
        .collect(
            Collectors.joining(
                ", e.",
                "SELECT e.",
                ", a."
                    + String.join(", a.", AdjustmentRow.COLUMNS)
                    + " FROM "
                    + source(dialect, seq)));
  }

  private UsageRow() {}

  /** The record that {@code row} stands on, selected by {@link #select}. */
  public static RecordedUsage read(ResultSet row, SqlDialect dialect) throws SQLException {
    Columns from = new Columns(row, dialect);
    try {
      return record(from);
    } catch (IllegalArgumentException e) {
      throw Damage.of("a stored record is none: " + e.getMessage(), e);
    }
  }

  private static RecordedUsage record(Columns from) throws SQLException {
    Usage usage = usage(from);
    Instant chargedAt = from.instant();
    Instant settledAt = from.instant();
    boolean late = from.flag();
    Usage whole = added(usage, from);
    AdjustmentRow.Known known = AdjustmentRow.known(from);
    return new RecordedUsage(whole, chargedAt, settledAt, late, known.corrected(), known.figures());
  }

  // Arguments are evaluated from left to right: the components of a record are its columns' order.
  private static Usage usage(Columns from) throws SQLException {
    return new Usage(
        from.id(),
        from.optionalText(),
        from.instant(),
        from.text(),
        from.optionalText(),
        from.optionalText(),
        from.optionalText(),
        tokens(from),
        TokenSource.valueOf(from.text()),
        from.optionalNumber(),
        from.optionalNumber(),
        from.counts(),
        List.of(),
        from.optionalCost(),
        null,
        costAndPrice(from),
        ReportedCostPolicy.PREFER_REPORTED,
        Outcome.valueOf(from.text()),
        details(from),
        from.attribution());
  }

  // later columns are behind all that came before them
  private static Usage added(Usage usage, Columns from) throws SQLException {
    String parts = from.optionalText();
    Cost reported = from.optionalCost();
    boolean prefersComputed = from.flag();
    boolean lowerBound = from.flag();
    String speed = from.optionalText();
    RequestSettings asked = AskedColumn.read(from.texts());
    PricedCost computed = usage.computedCost();
    if (parts == null && reported == null && !lowerBound && speed == null && asked.isEmpty()) {
      return usage;
    }
    return new Usage(
        usage.id(),
        usage.key(),
        usage.occurredAt(),
        usage.model(),
        usage.responseModel(),
        usage.provider(),
        usage.operation(),
        usage.tokens(),
        usage.source(),
        usage.localInputTokens(),
        usage.localOutputTokens(),
        usage.extras(),
        PartsJson.read(parts),
        usage.givenCost(),
        reported,
        computed == null ? null : new PricedCost(computed.cost(), computed.pricedBy(), lowerBound),
        policy(prefersComputed),
        usage.outcome(),
        usage.details().withSpeed(speed).withAsked(asked),
        usage.attribution());
  }

  static @Nullable TokenUsage tokens(Columns from) throws SQLException {
    Long uncachedInput = from.optionalNumber();
    TokenUsage tokens =
        new TokenUsage(
            uncachedInput == null ? 0 : uncachedInput,
            from.number(),
            from.number(),
            from.number(),
            from.number(),
            from.number(),
            from.number(),
            from.number(),
            from.optionalNumber());
    return uncachedInput == null ? null : tokens;
  }

  private static CallDetails details(Columns from) throws SQLException {
    return new CallDetails(
        from.optionalDuration(),
        from.optionalDuration(),
        from.optionalFlag(),
        from.optionalText(),
        from.optionalText(),
        from.optionalInteger(),
        from.optionalText(),
        from.optionalText(),
        from.optionalText(),
        null,
        from.flag(),
        from.optionalText(),
        from.optionalText(),
        RequestSettings.NONE);
  }

  private static @Nullable PricedCost costAndPrice(Columns from) throws SQLException {
    Cost cost = from.optionalCost();
    String pricedBy = from.optionalText();
    return cost == null || pricedBy == null ? null : new PricedCost(cost, pricedBy);
  }

  static ReportedCostPolicy policy(boolean prefersComputed) {
    return prefersComputed
        ? ReportedCostPolicy.PREFER_COMPUTED
        : ReportedCostPolicy.PREFER_REPORTED;
  }

  /**
   * The columns of usage_event as SQLite keeps them: Long, String, byte[] or null, in their order.
   */
  public static List<@Nullable Object> values(RecordedUsage recorded) throws SQLException {
    ValueSink sink = new ValueSink();
    bind(recorded, new Parameters(sink));
    return sink.values();
  }

  /** Binds the columns of usage_event. */
  static void bind(RecordedUsage recorded, Parameters to) throws SQLException {
    Usage usage = recorded.usage();
    to.id(usage.id())
        .text(usage.key())
        .instant(usage.occurredAt())
        .text(usage.model())
        .text(usage.responseModel())
        .text(usage.provider())
        .text(usage.operation());
    bindTokens(usage.tokens(), to);
    PricedCost computed = usage.computedCost();
    to.text(usage.source().name())
        .optional(usage.localInputTokens())
        .optional(usage.localOutputTokens())
        .json(usage.extras())
        .optional(nanos(usage.givenCost()))
        .optional(computed == null ? null : computed.cost().nanos())
        .text(computed == null ? null : computed.pricedBy())
        .text(usage.outcome().name());
    bindDetails(usage.details(), to);
    to.attribution(usage.attribution())
        .instant(recorded.chargedAt())
        .instant(recorded.settledAt())
        .flag(recorded.late())
        .json(PartsJson.write(usage.parts()))
        .optional(nanos(usage.reportedCost()))
        .flag(ifSet(usage.costPolicy() == ReportedCostPolicy.PREFER_COMPUTED))
        .flag(ifSet(computed != null && computed.lowerBound()))
        .text(usage.details().speed())
        .json(AskedColumn.write(usage.details().asked()));
  }

  /** True, or nothing: a column without values is not sent. */
  static @Nullable Boolean ifSet(boolean flag) {
    return flag ? true : null;
  }

  static @Nullable Long nanos(@Nullable Cost cost) {
    return cost == null ? null : cost.nanos();
  }

  static void bindTokens(@Nullable TokenUsage tokens, Parameters to) throws SQLException {
    if (tokens == null) {
      for (int part = 0; part < 9; part++) {
        to.optional(null);
      }
      return;
    }
    to.number(tokens.uncachedInput())
        .number(tokens.cacheRead())
        .number(tokens.cacheWrite5m())
        .number(tokens.cacheWrite1h())
        .number(tokens.audioInput())
        .number(tokens.textOutput())
        .number(tokens.reasoning())
        .number(tokens.audioOutput())
        .optional(tokens.reportedTotal());
  }

  private static void bindDetails(CallDetails details, Parameters to) throws SQLException {
    Integer attempts = details.attempts();
    to.duration(details.latency())
        .duration(details.timeToFirstToken())
        .flag(details.streamed())
        .text(details.finishReason())
        .text(details.responseId())
        .optional(attempts == null ? null : attempts.longValue())
        .text(details.errorType())
        .text(details.errorMessage())
        .text(details.serviceTier())
        .flag(details.batch())
        .text(details.region())
        .text(details.rawUsage());
  }
}
