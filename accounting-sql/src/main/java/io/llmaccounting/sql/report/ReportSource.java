package io.llmaccounting.sql.report;

import io.llmaccounting.usage.Dimension;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;

/** What a report can be added up from. Stateless. */
sealed interface ReportSource permits RecordSource, RollupSource {
  Table<?> table();

  /** The values of a dimension. */
  Field<String> value(Dimension dimension);

  /** True for usage without a value of this dimension. */
  Condition absent(Dimension dimension);

  Condition in(Stretch stretch);

  /** The first microsecond of the grain that a row belongs to. */
  Field<Long> start(Grain grain);

  /** The parts of totals, in the order of {@link Sums}. */
  List<Field<Long>> sums();
}
