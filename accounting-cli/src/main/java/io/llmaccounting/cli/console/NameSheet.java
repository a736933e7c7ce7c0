package io.llmaccounting.cli.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first column alone, a line each: for scripts. */
final class NameSheet extends Sheet {
  NameSheet(Style style, List<Column> columns) {
    super(style, columns);
  }

  @Override
  void print(@Nullable Object[] values) {
    Object name = values[0];
    if (name != null) {
      style.out().println(Escaped.line(Values.forPrograms(name)));
    }
  }

  @Override
  void end() {
    style.out().flush();
  }
}
