package io.llmaccounting.cli.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows for people, in columns as wide as the first thousand rows need. */
final class TableSheet extends Sheet {
  private static final int MEASURED = 1_000;
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final List<String[]> waiting = new ArrayList<>();
  private int @Nullable [] widths;

  TableSheet(Style style, List<Column> columns) {
    super(style, columns);
  }

  @Override
  void print(@Nullable Object[] values) {
    String[] cells = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      cells[i] = Values.forPeople(values[i], style.zone());
    }
    if (widths != null) {
      line(cells, widths);
      return;
    }
    waiting.add(cells);
    if (waiting.size() == MEASURED) {
      begin();
    }
  }

  private void begin() {
    String[] titles = columns.stream().map(Column::title).toArray(String[]::new);
    int[] measured = new int[columns.size()];
    for (int i = 0; i < measured.length; i++) {
      measured[i] = width(titles[i]);
      for (String[] cells : waiting) {
        measured[i] = Math.max(measured[i], width(cells[i]));
      }
    }
    widths = measured;
    if (style.coloured()) {
      style.out().print(BOLD);
    }
    line(titles, measured);
    if (style.coloured()) {
      style.out().print(PLAIN);
    }
    waiting.forEach(cells -> line(cells, measured));
    waiting.clear();
  }

  private void line(String[] cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String padding = " ".repeat(Math.max(0, widths[i] - width(cells[i])));
      line.append(i == 0 ? "" : "  ");
      if (columns.get(i).isRight()) {
        line.append(padding).append(cells[i]);
      } else {
        line.append(cells[i]).append(padding);
      }
    }
    style.out().println(line.toString().stripTrailing());
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  @Override
  public void close() {
    if (widths == null) {
      begin();
    }
    style.out().flush();
  }
}
