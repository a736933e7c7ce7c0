package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;

import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Table;
import io.llmaccounting.sql.Dialect;
import io.llmaccounting.sql.UsageSelection;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;

/** Chooses records by age. */
public final class OldRecords {
  private OldRecords() {}

  /** What to select from: with corrections only where the filter asks for them. */
  public static Table<?> source(Dialect dialect, UsageFilter filter) {
    return filter.priced() == null ? USAGE_EVENT : UsageSelection.source(dialect);
  }

  /** Records of calls made before an instant, a whole millisecond, that {@code filter} means. */
  public static Condition before(Dialect dialect, Instant before, UsageFilter filter) {
    return dialect
        .shards()
        .anywhere(USAGE_EVENT)
        .and(USAGE_EVENT.id.lt(UsageId.floor(before)))
        .and(Conditions.of(filter, new RecordSource(dialect)));
  }
}
