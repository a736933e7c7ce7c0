package io.llmaccounting.sql.report;

import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;

/** Chooses records by age. */
public final class OldRecords {
  private OldRecords() {}

  /**
   * Adds FROM and WHERE: records {@code e} of calls made before an instant, a whole millisecond,
   * that {@code filter} means; with corrections only where the filter asks for them.
   */
  public static SqlQuery add(SqlDialect dialect, Instant before, UsageFilter filter, SqlQuery to) {
    to.add(filter.priced() == null ? " FROM usage_event e" : " FROM " + UsageRow.source(dialect));
    to.add(" WHERE " + dialect.shards().anywhere("e") + "e.id < ").id(UsageId.floor(before));
    Conditions.add(filter, new RecordSource(dialect), to);
    return to;
  }
}
