package io.llmaccounting.cli.readonly;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Is handed the answer to a question: first its columns, then row by row. */
public interface RowReader {
  /** The columns' names, as the database gives them; one may come twice. */
  void columns(List<String> names);

  /** A row: texts, longs, decimals, booleans, instants, or null. */
  void row(@Nullable Object[] values);
}
