package io.llmaccounting.sql.report;

import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.UsageFilter;
import java.util.Map;
import java.util.Objects;

/** Filters as conditions, which compare case-sensitively and code point by code point. */
final class Conditions {
  private Conditions() {}

  /** Adds what {@code filter} asks behind a condition that is there. */
  static void add(UsageFilter filter, ReportSource source, SqlQuery to) {
    for (Map.Entry<Dimension, Match> entry : filter.matches().entrySet()) {
      to.add(" AND ");
      add(entry.getKey(), entry.getValue(), source, to);
    }
    Boolean priced = filter.priced();
    if (priced != null) {
      to.add(" AND (" + SumColumns.COST + (priced ? ") IS NOT NULL" : ") IS NULL"));
    }
  }

  private static void add(Dimension dimension, Match match, ReportSource source, SqlQuery to) {
    if (match.kind() == Match.Kind.ABSENT) {
      to.add(source.absent(dimension));
      return;
    }
    String value = source.value(dimension);
    String wanted = Objects.requireNonNull(match.value(), "value of a filter");
    if (match.kind() == Match.Kind.IS) {
      to.add(value + " = ").text(wanted);
      return;
    }
    // Not LIKE: SQLite's ignores case, and its wildcards would have to be escaped.
    int length = wanted.codePointCount(0, wanted.length());
    to.add("substr(" + value + ", 1, " + length + ") = ").text(wanted);
  }
}
