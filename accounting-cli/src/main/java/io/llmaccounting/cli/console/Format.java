package io.llmaccounting.cli.console;

import java.util.Locale;

/** How rows are printed. */
public enum Format {
  /** For people. */
  TABLE,
  /** For programs: one document, an array of objects or one object. */
  JSON,
  /** For spreadsheets: a line of names, then a line a row. */
  CSV;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
