package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Rollups;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The parts of totals as SQL: exact sums, 0 where there is nothing to add, {@link Long#MAX_VALUE}
 * where no long can hold them. Figures of records are as they count now, with their corrections.
 */
final class SumColumns {
  static final String SOURCE = current("source");
  static final String OUTCOME = current("outcome");
  static final List<String> INPUT =
      List.of(
          current("uncached_input"),
          current("cache_read"),
          current("cache_write_5m"),
          current("cache_write_1h"),
          current("audio_input"));
  static final List<String> OUTPUT =
      List.of(current("text_output"), current("reasoning"), current("audio_output"));

  /** The cost that counts now, null where it is unknown. */
  static final String COST =
      "CASE WHEN a.seq IS NOT NULL THEN a.cost ELSE coalesce(e.given_cost,"
          + " CASE WHEN e.prefers_computed THEN e.computed_cost ELSE e.reported_cost END,"
          + " e.computed_cost, e.reported_cost) END";

  private static final String REPORTED =
      "CASE WHEN a.source IS NOT NULL THEN a.reported_cost ELSE e.reported_cost END";

  private static final String DIFFERENCE =
      REPORTED
          + " - CASE WHEN a.priced_by IS NOT NULL THEN a.cost"
          + " WHEN a.source IS NOT NULL THEN a.computed_cost ELSE e.computed_cost END";

  private static final String LOWER_BOUND =
      "a.lower_bound IS TRUE OR (e.lower_bound IS TRUE AND a.seq IS NULL AND e.given_cost IS NULL"
          + " AND (e.reported_cost IS NULL OR e.prefers_computed IS TRUE))";

  // these come after the constants that they are made of
  private static final SumColumns SPLIT = new SumColumns(SumColumns::splitSum);
  private static final SumColumns WIDE = new SumColumns(SumColumns::wideSum);

  private final List<String> ofRollups;
  private final List<String> ofRecords;

  private SumColumns(UnaryOperator<String> sum) {
    this.ofRollups = Rollups.SUMS.stream().map(column -> sum.apply("r." + column)).toList();
    this.ofRecords = ofRecords(sum);
  }

  // The sum in the way in which this database can add up more than a long holds.
  private static SumColumns of(SqlDialect dialect) {
    return dialect.family() == SqlDialect.Family.SQLITE ? SPLIT : WIDE;
  }

  static List<String> ofRollups(SqlDialect dialect) {
    return of(dialect).ofRollups;
  }

  static List<String> ofRecords(SqlDialect dialect) {
    return of(dialect).ofRecords;
  }

  /** Better figures never leave open what was known before. */
  private static String current(String column) {
    return "coalesce(a.%1$s, e.%1$s)".formatted(column);
  }

  private static List<String> ofRecords(UnaryOperator<String> sum) {
    List<String> sums = new ArrayList<>();
    sums.add("count(*)");
    for (Outcome outcome : List.of(Outcome.FAILED, Outcome.CANCELLED, Outcome.UNFINISHED)) {
      sums.add(calls(OUTCOME + " = '" + outcome.name() + "'"));
    }
    for (TokenSource source :
        List.of(TokenSource.ESTIMATED, TokenSource.PARTIAL, TokenSource.MISSING)) {
      sums.add(calls(SOURCE + " = '" + source.name() + "'"));
    }
    sums.add(calls("(" + COST + ") IS NULL"));
    INPUT.forEach(part -> sums.add(sum.apply(part)));
    OUTPUT.forEach(part -> sums.add(sum.apply(part)));
    sums.add(sum.apply(COST));
    add(sums, "e.local_input", sum);
    add(sums, "e.local_output", sum);
    add(sums, "e.latency", sum);
    add(sums, "e.time_to_first_token", sum);
    sums.add(calls(LOWER_BOUND));
    add(sums, REPORTED, sum);
    add(sums, DIFFERENCE, sum);
    return List.copyOf(sums);
  }

  private static void add(List<String> sums, String optional, UnaryOperator<String> sum) {
    sums.add("count(" + optional + ")");
    sums.add(sum.apply(optional));
  }

  private static String calls(String which) {
    return "count(*) FILTER (WHERE " + which + ")";
  }

  // PostgreSQL adds longs up as numbers of any size
  private static String wideSum(String summand) {
    return "cast(greatest(least(coalesce(sum(%s), 0), 9223372036854775807), -9223372036854775807) as bigint)"
        .formatted(summand);
  }

  // SQLite fails where a sum overflows: the upper and the lower 31 bits are added up apart
  private static String splitSum(String summand) {
    String upper = "sum((%s) >> 31)".formatted(summand);
    String lower = "sum((%s) & 2147483647)".formatted(summand);
    return ("coalesce(case when %1$s + (%2$s >> 31) > 4294967295 then 9223372036854775807"
            + " when %1$s + (%2$s >> 31) < -4294967296 then -9223372036854775807"
            + " else (%1$s << 31) + %2$s end, 0)")
        .formatted(upper, lower);
  }
}
