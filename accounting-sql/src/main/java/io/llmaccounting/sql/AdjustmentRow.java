package io.llmaccounting.sql;

import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageAdjustment;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became known of a record later, as a row of usage_adjustment. */
public final class AdjustmentRow {
  /**
   * The columns that an adjustment is read from, in this order. The SQL is written by hand, because
   * jOOQ is slow to load.
   */
  static final List<String> COLUMNS =
      List.of(
          ("cost priced_by lower_bound uncached_input cache_read cache_write_5m cache_write_1h"
                  + " audio_input text_output reasoning audio_output reported_total source outcome"
                  + " extras parts given_cost reported_cost prefers_computed computed_cost"
                  + " computed_by computed_lower_bound")
              .split(" "));

  /** Columns to insert: usage_id, seq, and those of {@link #bind}. */
  static final String INSERTED = "usage_id, seq, at, " + String.join(", ", COLUMNS);

  private AdjustmentRow() {}

  /** The adjustments of records by their ids, in order; those that have any. */
  public static Map<UUID, List<UsageAdjustment>> histories(SqlSession session, Set<UUID> ids)
      throws SQLException {
    Map<UUID, List<UsageAdjustment>> histories = new HashMap<>();
    String select =
        "SELECT a.usage_id, a.at, a."
            + String.join(", a.", COLUMNS)
            + " FROM usage_adjustment a WHERE "
            + session.dialect().shards().anywhere("a")
            + "a.usage_id IN (";
    new MultiRow(session.dialect(), select, 1, ") ORDER BY a.usage_id, a.seq")
        .query(
            session,
            ids.stream().sorted().toList(),
            (id, to) -> to.id(id),
            row -> {
              Columns from = new Columns(row, session.dialect());
              histories.computeIfAbsent(from.id(), made -> new ArrayList<>()).add(read(from));
            });
    return histories;
  }

  private static UsageAdjustment read(Columns from) throws SQLException {
    Instant at = from.instant();
    Known known = known(from);
    return new UsageAdjustment(at, known.figures(), known.corrected());
  }

  /** The cost and figures that count in place of the record's own. */
  record Known(@Nullable PricedCost corrected, @Nullable CallFigures figures) {}

  static Known known(Columns from) throws SQLException {
    PricedCost corrected = priced(from);
    TokenUsage tokens = UsageRow.tokens(from);
    String source = from.optionalText();
    // this is the normal case, and nothing else is read
    return new Known(corrected, source == null ? null : figures(tokens, source, from));
  }

  private static CallFigures figures(@Nullable TokenUsage tokens, String source, Columns from)
      throws SQLException {
    Outcome outcome = Outcome.valueOf(from.text());
    Map<String, Long> extras = from.counts();
    List<CallPart> parts = PartsJson.read(from.optionalText());
    Cost given = from.optionalCost();
    Cost reported = from.optionalCost();
    ReportedCostPolicy policy = UsageRow.policy(from.flag());
    return new CallFigures(
        tokens,
        TokenSource.valueOf(source),
        extras,
        parts,
        given,
        reported,
        priced(from),
        policy,
        outcome);
  }

  private static @Nullable PricedCost priced(Columns from) throws SQLException {
    Cost cost = from.optionalCost();
    String pricedBy = from.optionalText();
    boolean lowerBound = from.flag();
    return cost == null || pricedBy == null ? null : new PricedCost(cost, pricedBy, lowerBound);
  }

  /**
   * Binds the columns after usage_id and seq: {@code record} as it is once {@code known} is added.
   */
  static void bind(RecordedUsage record, UsageAdjustment known, Parameters to) throws SQLException {
    RecordedUsage after = record.adjusted(known);
    PricedCost corrected = after.adjustment();
    to.instant(known.at())
        .optional(UsageRow.nanos(after.cost().orElse(null)))
        .text(corrected == null ? null : corrected.pricedBy())
        .flag(UsageRow.ifSet(after.costIsLowerBound()));
    CallFigures figures = after.figures();
    UsageRow.bindTokens(figures == null ? null : figures.tokens(), to);
    PricedCost computed = figures == null ? null : figures.computedCost();
    to.text(figures == null ? null : figures.source().name())
        .text(figures == null ? null : figures.outcome().name())
        .json(figures == null ? Map.of() : figures.extras())
        .json(PartsJson.write(figures == null ? List.of() : figures.parts()))
        .optional(figures == null ? null : UsageRow.nanos(figures.givenCost()))
        .optional(figures == null ? null : UsageRow.nanos(figures.reportedCost()))
        .flag(UsageRow.ifSet(figures != null && prefersComputed(figures)))
        .optional(computed == null ? null : computed.cost().nanos())
        .text(computed == null ? null : computed.pricedBy())
        .flag(UsageRow.ifSet(computed != null && computed.lowerBound()));
  }

  private static boolean prefersComputed(CallFigures figures) {
    return figures.costPolicy() == ReportedCostPolicy.PREFER_COMPUTED;
  }
}
