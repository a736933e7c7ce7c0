package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;
import static io.llmaccounting.sql.UsageRollupTable.USAGE_ROLLUP;

import io.llmaccounting.sql.Dialect;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.UsageId;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.impl.DSL;

/**
 * The rows of one family and grain: as they are stored, and as the records say. Both begin with the
 * bucket and the five dimensions, followed by the sums.
 *
 * @param from start of the first bucket that the records know in full, microseconds since 1970
 */
record RollupRows(RollupFamily family, Grain grain, long from) {
  /** Every family and grain, from the first bucket that lies behind the purge horizon. */
  static List<RollupRows> all(long purgeHorizon) {
    List<RollupRows> all = new ArrayList<>();
    for (RollupFamily family : RollupFamily.values()) {
      for (Grain grain : Grain.values()) {
        all.add(new RollupRows(family, grain, grain.ceiling(purgeHorizon)));
      }
    }
    return all;
  }

  Condition stored() {
    return new RollupSource(family).of(grain).and(USAGE_ROLLUP.bucket.ge(from));
  }

  Select<Record> selectStored(DSLContext dsl) {
    return dsl.select(columns()).from(USAGE_ROLLUP).where(stored()).orderBy(USAGE_ROLLUP.bucket);
  }

  private static List<Field<?>> columns() {
    List<Field<?>> columns = new ArrayList<>();
    columns.add(USAGE_ROLLUP.bucket);
    RollupFamily.KEY.forEach(dimension -> columns.add(RollupFamily.column(dimension)));
    columns.addAll(Sums.ROLLUP_COLUMNS);
    columns.add(USAGE_ROLLUP.family);
    columns.add(USAGE_ROLLUP.grain);
    return columns;
  }

  Select<Record> selectExpected(DSLContext dsl, Dialect dialect) {
    RecordSource records = new RecordSource(dialect);
    List<Field<?>> fields = new ArrayList<>();
    List<Field<?>> keys = new ArrayList<>();
    fields.add(records.start(grain));
    keys.add(records.start(grain));
    for (Dimension dimension : RollupFamily.KEY) {
      Field<String> none = DSL.inline("");
      if (family.tells(dimension)) {
        fields.add(DSL.coalesce(records.value(dimension), none));
        keys.add(DSL.coalesce(records.value(dimension), none));
      } else {
        fields.add(none);
      }
    }
    fields.addAll(records.sums());
    fields.add(DSL.inline(family.stored()));
    fields.add(DSL.inline(grain.micros()));
    return dsl.select(fields)
        .from(records.table())
        .where(USAGE_EVENT.id.ge(UsageId.floor(Micros.instant(from))))
        .and(USAGE_EVENT.occurredAt.ge(from))
        .groupBy(keys)
        .orderBy(records.start(grain));
  }

  void rebuild(DSLContext dsl, Dialect dialect) {
    dsl.deleteFrom(USAGE_ROLLUP).where(stored()).execute();
    dsl.insertInto(USAGE_ROLLUP, columns()).select(selectExpected(dsl, dialect)).execute();
  }
}
