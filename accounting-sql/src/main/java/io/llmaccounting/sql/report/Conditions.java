package io.llmaccounting.sql.report;

import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.UsageFilter;
import java.util.Map;
import java.util.Objects;

/** Filters as conditions, which compare case-sensitively and code point by code point. */
final class Conditions {
  private Conditions() {}

  static Condition of(UsageFilter filter, ReportSource source) {
    Condition all = DSL.noCondition();
    for (Map.Entry<Dimension, Match> entry : filter.matches().entrySet()) {
      all = all.and(of(entry.getKey(), entry.getValue(), source));
    }
    Boolean priced = filter.priced();
    if (priced == null) {
      return all;
    }
    return all.and(priced ? Sums.COST.isNotNull() : Sums.COST.isNull());
  }

  private static Condition of(Dimension dimension, Match match, ReportSource source) {
    if (match.kind() == Match.Kind.ABSENT) {
      return source.absent(dimension);
    }
    Field<String> value = source.value(dimension);
    String wanted = Objects.requireNonNull(match.value(), "value of a filter");
    if (match.kind() == Match.Kind.IS) {
      return value.eq(wanted);
    }
    // Not LIKE: SQLite's ignores case, and its wildcards would have to be escaped.
    int length = wanted.codePointCount(0, wanted.length());
    return DSL.substring(value, 1, length).eq(wanted);
  }
}
