package io.llmaccounting.cli.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row for people: a line for each value that is there, or whose absence has words. */
final class ListSheet extends Sheet {
  ListSheet(Style style, List<Column> columns) {
    super(style, columns);
  }

  @Override
  void print(@Nullable Object[] values) {
    List<String> titles =
        columns.stream().map(column -> Escaped.line(column.name().replace('_', ' '))).toList();
    int width = titles.stream().mapToInt(Glyphs::width).max().orElse(0);
    for (int i = 0; i < values.length; i++) {
      if (Shown.value(values[i]) != null || isWorded(values[i])) {
        String title = titles.get(i);
        String blanks = " ".repeat(width - Glyphs.width(title));
        String value = Look.alone(columns.get(i), style.zone()).text(values[i]);
        Tone tone = Shown.tone(values[i]);
        style
            .out()
            .println(
                Tone.FAINT.of(title, style.coloured())
                    + blanks
                    + "  "
                    + tone.of(value, style.coloured()));
      }
    }
  }

  private static boolean isWorded(@Nullable Object given) {
    return given instanceof Shown shown && shown.text() != null;
  }

  @Override
  void end() {
    style.out().flush();
  }
}
