package io.llmaccounting.cli.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows for people, in columns as wide as the first thousand rows need. Where a terminal is too
 * narrow, columns that matter less are left out and texts are cut, and a line says so; files and
 * pipes get everything.
 */
final class TableSheet extends Sheet {
  private static final int MEASURED = 1_000;
  private static final long MEASURED_CHARACTERS = 1_000_000;

  private final List<@Nullable Object[]> waiting = new ArrayList<>();
  private long characters;
  private @Nullable TableLayout layout;

  TableSheet(Style style, List<Column> columns) {
    super(style, columns);
  }

  @Override
  void print(@Nullable Object[] values) {
    if (layout != null) {
      style.out().println(layout.line(values));
      return;
    }
    waiting.add(values.clone());
    for (Object value : values) {
      characters += value instanceof String text ? text.length() : 0;
    }
    if (waiting.size() == MEASURED || characters > MEASURED_CHARACTERS) {
      begin(false);
    }
  }

  private TableLayout begin(boolean all) {
    TableLayout measured = TableLayout.of(style, columns, waiting, all);
    layout = measured;
    style.out().println(measured.titles());
    waiting.forEach(values -> style.out().println(measured.line(values)));
    waiting.clear();
    return measured;
  }

  @Override
  void end() {
    if (layout == null && waiting.isEmpty() && style.width() > 0) {
      style.out().println(Tone.FAINT.of("nothing to show", style.coloured()));
      style.out().flush();
      return;
    }
    TableLayout used = layout == null ? begin(true) : layout;
    if (!used.missing().isEmpty()) {
      String line =
          "not shown in full: %s; see all with '| less -S'"
              .formatted(String.join(", ", used.missing()));
      style.out().println(Tone.FAINT.of(line, style.coloured()));
    }
    style.out().flush();
  }
}
