package io.llmaccounting.server.rest.aggregates;

import org.jspecify.annotations.Nullable;

/** Texts in tables with commas (RFC 4180). */
final class CsvText {
  private static final String FORMULA = "=+-@\t\r";

  private CsvText() {}

  /** A cell; empty where there is no text, and never what a spreadsheet takes for a formula. */
  static String cell(@Nullable String text) {
    if (text == null) {
      return "";
    }
    boolean computed = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
    String shown = computed ? "'" + text : text;
    boolean plain = !shown.isEmpty() && shown.chars().noneMatch(c -> ",\"\n\r".indexOf(c) >= 0);
    return plain ? shown : '"' + shown.replace("\"", "\"\"") + '"';
  }
}
