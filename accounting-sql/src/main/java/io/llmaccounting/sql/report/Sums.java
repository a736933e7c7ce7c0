package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageAdjustmentTable.USAGE_ADJUSTMENT;
import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;
import static io.llmaccounting.sql.UsageRollupTable.USAGE_ROLLUP;

import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.SQLDialect;
import io.llmaccounting.shaded.jooq.TableField;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.shaded.jooq.impl.SQLDataType;
import io.llmaccounting.sql.Dialect;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The parts of totals as columns: exact sums, 0 where there is nothing to add, {@link
 * Long#MAX_VALUE} where no long can hold them.
 */
final class Sums {
  /** The columns of a rollup that are added up, in the order of its table. */
  static final List<TableField<Record, Long>> ROLLUP_COLUMNS = rollupColumns();

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

  // below what they are made of
  private static final Sums SPLIT = new Sums(Sums::splitSum);
  private static final Sums WIDE = new Sums(Sums::wideSum);

  private final List<Field<Long>> ofRollups;
  private final List<Field<Long>> ofRecords;

  private Sums(UnaryOperator<Field<Long>> sum) {
    this.ofRollups = ROLLUP_COLUMNS.stream().<Field<Long>>map(sum).toList();
    this.ofRecords = ofRecords(sum);
  }

  /** As this database can add up what no long may hold. */
  static Sums of(Dialect dialect) {
    return dialect.jooq().family() == SQLDialect.SQLITE ? SPLIT : WIDE;
  }

  List<Field<Long>> ofRollups() {
    return ofRollups;
  }

  List<Field<Long>> ofRecords() {
    return ofRecords;
  }

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

  private static List<Field<Long>> ofRecords(UnaryOperator<Field<Long>> sum) {
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
      sums.add(sum.apply(part));
    }
    sums.add(sum.apply(COST));
    for (Field<Long> optional :
        List.of(
            USAGE_EVENT.localInput,
            USAGE_EVENT.localOutput,
            USAGE_EVENT.latency,
            USAGE_EVENT.timeToFirstToken)) {
      add(sums, optional, sum);
    }
    sums.add(calls(LOWER_BOUND));
    add(sums, REPORTED, sum);
    add(sums, DIFFERENCE, sum);
    return List.copyOf(sums);
  }

  private static void add(
      List<Field<Long>> sums, Field<Long> optional, UnaryOperator<Field<Long>> sum) {
    sums.add(DSL.count(optional).coerce(SQLDataType.BIGINT));
    sums.add(sum.apply(optional));
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

  // PostgreSQL adds longs up as numbers of any size
  private static Field<Long> wideSum(Field<Long> summand) {
    return DSL.field(
        "cast(greatest(least(coalesce(sum({0}), 0), 9223372036854775807), -9223372036854775807)"
            + " as bigint)",
        SQLDataType.BIGINT, summand);
  }

  // SQLite fails where a sum overflows: the upper and the lower 31 bits are added up apart
  private static Field<Long> splitSum(Field<Long> summand) {
    return DSL.field(
        "coalesce(case when {0} + ({1} >> 31) > 4294967295 then 9223372036854775807"
            + " when {0} + ({1} >> 31) < -4294967296 then -9223372036854775807"
            + " else ({0} << 31) + {1} end, 0)",
        SQLDataType.BIGINT,
        DSL.field("sum(({0}) >> 31)", SQLDataType.BIGINT, summand),
        DSL.field("sum(({0}) & 2147483647)", SQLDataType.BIGINT, summand));
  }
}
