package io.llmaccounting.sql.report;

import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.Dimension;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source that a report can be added up from, as pieces of SQL. */
sealed interface ReportSource permits RecordSource, RollupSource {
  /** The table to select from. */
  String table();

  /** The values of a dimension. */
  String value(Dimension dimension);

  /** True for usage without a value of this dimension. */
  String absent(Dimension dimension);

  /** Adds the condition of a slice. */
  void in(SlicePart part, SqlQuery to);

  /** The first microsecond of the grain that a row belongs to. */
  String start(Grain grain);

  /** The parts of totals, in the order of {@link SumColumns}. */
  List<String> sums();

  /**
   * Cuts a slice so that its first part has no more than {@code most} rows, if that is possible.
   */
  Cut cut(SqlSession session, SlicePart part, int most) throws SQLException;

  /**
   * A slice cut in two.
   *
   * @param first what is short enough to be read at once
   * @param rest what is behind it; null where nothing is
   * @param rows how many rows the first part has, at most as many as were asked for
   */
  record Cut(SlicePart first, @Nullable SlicePart rest, int rows) {}
}
