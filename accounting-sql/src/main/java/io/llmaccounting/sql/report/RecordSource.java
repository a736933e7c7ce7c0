package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;

import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Table;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.shaded.jooq.impl.SQLDataType;
import io.llmaccounting.sql.Dialect;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.ReportNames;
import io.llmaccounting.sql.UsageSelection;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Adds up records.
 *
 * @param dialect the database's
 * @param folded dimensions whose names are called what rollups call them
 * @param at the instant around which rollups do so, microseconds since 1970
 */
record RecordSource(Dialect dialect, Set<Dimension> folded, long at) implements ReportSource {
  private static final long MICROS_OF_A_MILLI = 1_000;

  /** With the names that they have. */
  RecordSource(Dialect dialect) {
    this(dialect, Set.of(), 0);
  }

  /** With what rollups of the day around an instant call the names of these dimensions. */
  RecordSource called(Set<Dimension> dimensions, long instant) {
    return new RecordSource(dialect, dimensions, instant);
  }

  /** Everything that lies in a half-open range of microseconds; ids narrow it to a key range. */
  private Condition between(long from, long to) {
    Instant lastMilli = Micros.instant(to + MICROS_OF_A_MILLI - 1);
    return dialect
        .shards()
        .anywhere(USAGE_EVENT)
        .and(USAGE_EVENT.id.ge(UsageId.floor(Micros.instant(from))))
        .and(USAGE_EVENT.id.lt(UsageId.floor(lastMilli)))
        .and(USAGE_EVENT.occurredAt.ge(from))
        .and(USAGE_EVENT.occurredAt.lt(to));
  }

  @Override
  public Table<?> table() {
    return UsageSelection.source(dialect);
  }

  @Override
  public Field<String> value(Dimension dimension) {
    Field<String> name = name(dimension);
    return folded.contains(dimension)
        ? DSL.field(ReportNames.called(dialect, at, dimension), SQLDataType.VARCHAR, name)
        : name;
  }

  private Field<String> name(Dimension dimension) {
    return switch (dimension.kind()) {
      case MODEL -> USAGE_EVENT.model;
      case PROVIDER -> USAGE_EVENT.provider;
      case PROJECT -> USAGE_EVENT.project;
      case USER -> USAGE_EVENT.user;
      case CALLER -> USAGE_EVENT.caller;
      case SESSION -> USAGE_EVENT.session;
      case RESPONSE_MODEL -> USAGE_EVENT.responseModel;
      case OPERATION -> USAGE_EVENT.operation;
      case OUTCOME -> Current.OUTCOME;
      case SOURCE -> Current.SOURCE;
      case TAG ->
          JsonText.of(
              dialect, USAGE_EVENT.tags, Objects.requireNonNull(dimension.tagName(), "tagName"));
    };
  }

  @Override
  public Condition absent(Dimension dimension) {
    return value(dimension).isNull();
  }

  @Override
  public Condition in(Stretch stretch) {
    return between(stretch.from(), stretch.to());
  }

  // Inlined, because PostgreSQL takes two parameters for two different expressions of a GROUP BY.
  @Override
  public Field<Long> start(Grain grain) {
    Field<Long> length = DSL.inline(grain.micros());
    return USAGE_EVENT.occurredAt.div(length).mul(length);
  }

  @Override
  public List<Field<Long>> sums() {
    return Sums.of(dialect).ofRecords();
  }
}
