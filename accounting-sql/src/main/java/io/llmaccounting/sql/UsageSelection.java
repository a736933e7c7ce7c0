package io.llmaccounting.sql;

import static io.llmaccounting.sql.UsageAdjustmentTable.USAGE_ADJUSTMENT;
import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;

import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.Table;
import io.llmaccounting.shaded.jooq.impl.DSL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The same as {@link UsageRow#select}, for statements that jOOQ renders. */
public final class UsageSelection {
  /** What to select from {@link #source} so that {@link UsageRow#read} understands it. */
  public static final List<Field<?>> FIELDS = fields();

  private UsageSelection() {}

  /** Records with their latest correction. */
  public static Table<Record> source(Dialect dialect) {
    Shards shards = dialect.shards();
    return USAGE_EVENT
        .leftJoin(USAGE_ADJUSTMENT)
        .on(shards.together(USAGE_ADJUSTMENT, USAGE_EVENT))
        .and(USAGE_ADJUSTMENT.usageId.eq(USAGE_EVENT.id))
        .and(USAGE_ADJUSTMENT.seq.eq(latestSeq(shards)));
  }

  private static List<Field<?>> fields() {
    List<Field<?>> fields = new ArrayList<>(Arrays.asList(USAGE_EVENT.fields()));
    for (String column : AdjustmentRow.COLUMNS) {
      fields.add(USAGE_ADJUSTMENT.field(column));
    }
    return List.copyOf(fields);
  }

  private static Field<Long> latestSeq(Shards shards) {
    Table<Record> other = USAGE_ADJUSTMENT.as("latest");
    return DSL.field(
        DSL.select(DSL.max(other.field(USAGE_ADJUSTMENT.seq)))
            .from(other)
            .where(shards.together(other, USAGE_EVENT))
            .and(other.field(USAGE_ADJUSTMENT.usageId).eq(USAGE_EVENT.id)));
  }
}
