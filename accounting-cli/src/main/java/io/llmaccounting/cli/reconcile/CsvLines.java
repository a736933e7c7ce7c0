package io.llmaccounting.cli.reconcile;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of comma-separated values by the names in the first of them. Confined to one thread. */
final class CsvLines {
  private static final int LONGEST = 1_000_000;

  private final BufferedReader in;
  private final List<String> names;
  private long line = 1;

  CsvLines(BufferedReader in) throws IOException {
    this.in = in;
    List<String> first = row();
    this.names = first == null ? List.of() : first;
  }

  /** The line on which the latest row ended. */
  long line() {
    return line;
  }

  /** The next row that is not blank; null at the end. An empty value is absent. */
  @Nullable Map<String, String> next() throws IOException {
    for (List<String> values = row(); values != null; values = row()) {
      if (values.size() == 1 && values.get(0).isBlank()) {
        continue;
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
        if (!values.get(i).isEmpty()) {
          row.put(names.get(i), values.get(i));
        }
      }
      return row;
    }
    return null;
  }

  private @Nullable List<String> row() throws IOException {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    int before = ',';
    int length = 0;
    for (int c = in.read(); c >= 0; c = in.read()) {
      length++;
      if (length > LONGEST) {
        throw new IllegalArgumentException(
            "a row must have at most %,d characters, had more at line %,d"
                .formatted(LONGEST, line));
      }
      line += c == '\n' ? 1 : 0;
      int last = before;
      before = c;
      if (c == '"') {
        quoted = !quoted;
        // two of them inside of quotes are one
        value.append(quoted && last == '"' ? "\"" : "");
      } else if (quoted || (c != ',' && c != '\n' && c != '\r' && c != 0xFEFF)) {
        value.append((char) c);
      } else if (c == ',' || c == '\n') {
        values.add(value.toString());
        value.setLength(0);
        if (c == '\n') {
          return values;
        }
      }
    }
    if (length == 0) {
      return null;
    }
    values.add(value.toString());
    return values;
  }
}
