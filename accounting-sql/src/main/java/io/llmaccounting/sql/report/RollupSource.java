package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageRollupTable.USAGE_ROLLUP;

import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Table;
import io.llmaccounting.sql.Dialect;
import io.llmaccounting.usage.Dimension;
import java.util.List;
import java.util.Objects;

/** Adds up rollups. */
record RollupSource(Dialect dialect, RollupFamily family) implements ReportSource {
  @Override
  public Table<?> table() {
    return USAGE_ROLLUP;
  }

  @Override
  public Field<String> value(Dimension dimension) {
    return RollupFamily.column(dimension);
  }

  @Override
  public Condition absent(Dimension dimension) {
    return value(dimension).eq("");
  }

  @Override
  public Condition in(Stretch stretch) {
    Grain grain = Objects.requireNonNull(stretch.grain(), "rollups have no ragged ends");
    return of(grain)
        .and(USAGE_ROLLUP.bucket.ge(stretch.from()))
        .and(USAGE_ROLLUP.bucket.lt(stretch.to()));
  }

  Condition of(Grain grain) {
    return dialect
        .shards()
        .anywhere(USAGE_ROLLUP)
        .and(USAGE_ROLLUP.family.eq(family.stored()))
        .and(USAGE_ROLLUP.grain.eq(grain.micros()));
  }

  @Override
  public Field<Long> start(Grain grain) {
    return USAGE_ROLLUP.bucket;
  }

  @Override
  public List<Field<Long>> sums() {
    return Sums.of(dialect).ofRollups();
  }
}
