package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageAdjustmentTable.USAGE_ADJUSTMENT;
import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;
import static io.llmaccounting.sql.UsageRollupTable.USAGE_ROLLUP;

import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.shaded.jooq.impl.SQLDataType;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.util.ArrayList;
import java.util.List;

/** The parts of totals as columns: exact sums, 0 where there is nothing to add. */
final class Sums {
  /** The columns of a rollup that are added up, in the order of its table. */
  static final List<TableField<Record, Long>> ROLLUP_COLUMNS = rollupColumns();

  static final List<Field<Long>> OF_ROLLUPS = ROLLUP_COLUMNS.stream().map(Sums::sum).toList();

  /** The cost that counts now, null where it is unknown. */
  static final Field<Long> COST =
      DSL.when(USAGE_ADJUSTMENT.seq.isNotNull(), USAGE_ADJUSTMENT.cost)
          .otherwise(
              DSL.coalesce(
                  USAGE_EVENT.givenCost,
                  DSL.when(USAGE_EVENT.prefersComputed, USAGE_EVENT.computedCost)
                      .otherwise(USAGE_EVENT.reportedCost),
                  USAGE_EVENT.computedCost,
                  USAGE_EVENT.reportedCost));

  private static final Field<Long> REPORTED =
      DSL.when(USAGE_ADJUSTMENT.source.isNotNull(), USAGE_ADJUSTMENT.reportedCost)
          .otherwise(USAGE_EVENT.reportedCost);

  private static final Field<Long> DIFFERENCE =
      REPORTED.minus(
          DSL.when(USAGE_ADJUSTMENT.pricedBy.isNotNull(), USAGE_ADJUSTMENT.cost)
              .when(USAGE_ADJUSTMENT.source.isNotNull(), USAGE_ADJUSTMENT.computedCost)
              .otherwise(USAGE_EVENT.computedCost));

  private static final Condition LOWER_BOUND =
      USAGE_ADJUSTMENT
          .lowerBound
          .isTrue()
          .or(
              USAGE_EVENT
                  .lowerBound
                  .isTrue()
                  .and(USAGE_ADJUSTMENT.seq.isNull())
                  .and(USAGE_EVENT.givenCost.isNull())
                  .and(USAGE_EVENT.reportedCost.isNull().or(USAGE_EVENT.prefersComputed.isTrue())));

  static final List<Field<Long>> OF_RECORDS = ofRecords();

  private Sums() {}

  private static List<TableField<Record, Long>> rollupColumns() {
    List<TableField<Record, Long>> columns = new ArrayList<>();
    boolean isSum = false;
    for (Field<?> field : USAGE_ROLLUP.fields()) {
      isSum |= field.equals(USAGE_ROLLUP.calls);
      if (isSum) {
        columns.add(number(field));
      }
    }
    return List.copyOf(columns);
  }

  @SuppressWarnings("unchecked")
  private static TableField<Record, Long> number(Field<?> field) {
    return (TableField<Record, Long>) field;
  }

  private static List<Field<Long>> ofRecords() {
    List<Field<Long>> sums = new ArrayList<>();
    sums.add(DSL.count().coerce(SQLDataType.BIGINT));
    sums.add(outcomes(Outcome.FAILED));
    sums.add(outcomes(Outcome.CANCELLED));
    sums.add(outcomes(Outcome.UNFINISHED));
    sums.add(sources(TokenSource.ESTIMATED));
    sums.add(sources(TokenSource.PARTIAL));
    sums.add(sources(TokenSource.MISSING));
    sums.add(calls(COST.isNull()));
    for (Field<Long> part : tokenParts()) {
      sums.add(sum(part));
    }
    sums.add(sum(COST));
    for (Field<Long> optional :
        List.of(
            USAGE_EVENT.localInput,
            USAGE_EVENT.localOutput,
            USAGE_EVENT.latency,
            USAGE_EVENT.timeToFirstToken)) {
      add(sums, optional);
    }
    sums.add(calls(LOWER_BOUND));
    add(sums, REPORTED);
    add(sums, DIFFERENCE);
    return List.copyOf(sums);
  }

  private static void add(List<Field<Long>> sums, Field<Long> optional) {
    sums.add(DSL.count(optional).coerce(SQLDataType.BIGINT));
    sums.add(sum(optional));
  }

  private static List<Field<Long>> tokenParts() {
    return List.of(
        Current.UNCACHED_INPUT,
        Current.CACHE_READ,
        Current.CACHE_WRITE_5M,
        Current.CACHE_WRITE_1H,
        Current.AUDIO_INPUT,
        Current.TEXT_OUTPUT,
        Current.REASONING,
        Current.AUDIO_OUTPUT);
  }

  private static Field<Long> outcomes(Outcome outcome) {
    return calls(Current.OUTCOME.eq(DSL.inline(outcome.name())));
  }

  private static Field<Long> sources(TokenSource source) {
    return calls(Current.SOURCE.eq(DSL.inline(source.name())));
  }

  private static Field<Long> calls(Condition which) {
    return DSL.count().filterWhere(which).coerce(SQLDataType.BIGINT);
  }

  private static Field<Long> sum(Field<Long> summand) {
    return DSL.coalesce(DSL.sum(summand).coerce(SQLDataType.BIGINT), DSL.inline(0L));
  }
}
