package io.llmaccounting.cli.console;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows for spreadsheets, as RFC 4180 says, with line feeds alone; lists and maps as JSON. */
final class CsvSheet extends Sheet {
  private static final String FORMULA = "=+-@\t\r\n";

  private boolean begun;

  CsvSheet(Style style, List<Column> columns) {
    super(style, columns);
  }

  @Override
  void print(@Nullable Object[] values) {
    begin();
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      line.append(i == 0 ? "" : ",").append(cell(values[i]));
    }
    style.out().print(line.append('\n'));
  }

  private void begin() {
    if (!begun) {
      begun = true;
      style
          .out()
          .print(
              String.join(",", columns.stream().map(Column::name).map(this::text).toList()) + "\n");
    }
  }

  private String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    boolean nested = value instanceof List<?> || value instanceof Map<?, ?>;
    String text = nested ? JsonText.of(value) : Values.forPrograms(value);
    return value instanceof String ? text(text) : plain(text);
  }

  // A name that begins like a formula must not become one; numbers are never texts here.
  private String text(String text) {
    boolean computed = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
    return plain(computed && style.csvSafe() ? "'" + text : text);
  }

  private static String plain(String text) {
    String shown = Escaped.lines(text);
    // an empty text is quoted, so that it differs from none
    boolean plain = !shown.isEmpty() && shown.chars().noneMatch(c -> ",\"\n\r".indexOf(c) >= 0);
    return plain && shown.strip().equals(shown) ? shown : quoted(shown);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  void end() {
    begin();
    style.out().flush();
  }
}
