package io.llmaccounting.cli.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row for people: a line for each value that is there. */
final class ListSheet extends Sheet {
  ListSheet(Style style, List<Column> columns) {
    super(style, columns);
  }

  @Override
  void print(@Nullable Object[] values) {
    List<String> titles =
        columns.stream().map(column -> Escaped.line(column.name().replace('_', ' '))).toList();
    int width = titles.stream().mapToInt(String::length).max().orElse(0);
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        String title = titles.get(i);
        String value = Values.forPeople(values[i], style.zone());
        style.out().println(title + " ".repeat(width - title.length()) + "  " + value);
      }
    }
  }

  @Override
  public void close() {
    style.out().flush();
  }
}
