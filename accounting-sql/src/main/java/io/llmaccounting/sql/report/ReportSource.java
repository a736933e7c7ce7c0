package io.llmaccounting.sql.report;

import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Table;
import io.llmaccounting.usage.Dimension;
import java.util.List;

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
