package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Columns;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells the rows of one report apart, in the order of its rows.
 *
 * @param bucket the stretch of time, cut to the report's period; null without buckets
 * @param values one for each dimension of the report; null for usage without one
 */
record GroupKey(@Nullable TimeRange bucket, List<@Nullable String> values)
    implements Comparable<GroupKey> {
  private static final Comparator<@Nullable String> ABSENT_FIRST =
      Comparator.nullsFirst(Comparator.naturalOrder());

  GroupKey {
    values = Collections.unmodifiableList(values);
  }

  /** The key of a row that starts with a value for each dimension of {@code query}. */
  static GroupKey read(Columns columns, ReportQuery query, Instant instant) throws SQLException {
    List<@Nullable String> values = new ArrayList<>(query.by().size());
    for (int i = 0; i < query.by().size(); i++) {
      String value = columns.optionalText();
      values.add(value == null || value.isEmpty() ? null : value);
    }
    return new GroupKey(bucket(query, instant), values);
  }

  private static @Nullable TimeRange bucket(ReportQuery query, Instant instant) {
    if (query.bucket() == null) {
      return null;
    }
    TimeRange whole = query.bucket().of(instant, query.zone());
    TimeRange period = query.period();
    return new TimeRange(
        whole.from().isBefore(period.from()) ? period.from() : whole.from(),
        whole.to().isAfter(period.to()) ? period.to() : whole.to());
  }

  @Override
  public int compareTo(GroupKey other) {
    if (bucket != null && other.bucket != null && !bucket.equals(other.bucket)) {
      return bucket.from().compareTo(other.bucket.from());
    }
    for (int i = 0; i < values.size(); i++) {
      int byValue = ABSENT_FIRST.compare(values.get(i), other.values.get(i));
      if (byValue != 0) {
        return byValue;
      }
    }
    return 0;
  }
}
