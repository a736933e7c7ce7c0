package io.llmaccounting.cli.console;

import java.io.PrintStream;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command answers: rows of named, typed columns, printed as they come, in memory that does
 * not grow with them. Close it, or the end is missing.
 */
public abstract class Sheet implements AutoCloseable {
  private static final int ROWS_BETWEEN_LOOKS = 256;

  final Style style;
  final List<Column> columns;
  private long rows;

  /**
   * How sheets are printed.
   *
   * @param out where to
   * @param format which way
   * @param zone the zone of what people read; programs get UTC
   * @param quiet whether people get the first column alone, without a title
   * @param coloured whether titles may be bold
   * @param csvSafe whether texts that spreadsheets would compute are marked as texts
   */
  public record Style(
      PrintStream out,
      Format format,
      ZoneId zone,
      boolean quiet,
      boolean coloured,
      boolean csvSafe) {}

  Sheet(Style style, List<Column> columns) {
    this.style = style;
    this.columns = List.copyOf(columns);
  }

  /** A sheet of any number of rows. */
  public static Sheet rows(Style style, List<Column> columns) {
    return switch (style.format()) {
      case JSON -> new JsonSheet(style, columns, false);
      case CSV -> new CsvSheet(style, columns);
      case TABLE -> style.quiet() ? new NameSheet(style, columns) : new TableSheet(style, columns);
    };
  }

  /** A sheet of exactly one row, which people read as a list of its values. */
  public static Sheet record(Style style, List<Column> columns) {
    return switch (style.format()) {
      case JSON -> new JsonSheet(style, columns, true);
      case CSV -> new CsvSheet(style, columns);
      case TABLE -> style.quiet() ? new NameSheet(style, columns) : new ListSheet(style, columns);
    };
  }

  /**
   * Prints a row, a value for each column, null where there is none.
   *
   * @throws Failure if whoever reads has gone
   */
  public final Sheet row(@Nullable Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          "a row of %s must have %d values, had %d"
              .formatted(columns, columns.size(), values.length));
    }
    print(values);
    // looking flushes, so it is not done for every row
    if (++rows % ROWS_BETWEEN_LOOKS == 0 && style.out().checkError()) {
      throw Failure.failed("the output is closed", "Keep reading to the end, or ask for less.");
    }
    return this;
  }

  abstract void print(@Nullable Object[] values);

  /** Prints what belongs at the end. */
  @Override
  public abstract void close();
}
