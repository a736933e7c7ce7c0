package io.llmaccounting.cli.console;

import java.io.PrintStream;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;
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
   * @param coloured whether tables may have colours
   * @param csvSafe whether texts that spreadsheets would compute are marked as texts
   * @param width how many characters a terminal shows beside each other, 0 where nothing is cut
   * @param atTheEnd takes what is printed of an answer without rows once the command has succeeded
   */
  public record Style(
      PrintStream out,
      Format format,
      ZoneId zone,
      boolean quiet,
      boolean coloured,
      boolean csvSafe,
      int width,
      Consumer<Runnable> atTheEnd) {}

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
    print(style.format() == Format.TABLE && !style.quiet() ? values : plain(values));
    // looking whether somebody still reads flushes, so it is not done for every row
    if (++rows % ROWS_BETWEEN_LOOKS == 0 && style.out().checkError()) {
      throw Failure.failed("the output is closed", "Keep reading to the end, or ask for less.");
    }
    return this;
  }

  private static @Nullable Object[] plain(@Nullable Object[] values) {
    @Nullable Object[] plain = new @Nullable Object[values.length];
    for (int i = 0; i < values.length; i++) {
      plain[i] = Shown.value(values[i]);
    }
    return plain;
  }

  abstract void print(@Nullable Object[] values);

  /** Prints what belongs at the end; a command that fails before its first row prints nothing. */
  @Override
  public final void close() {
    if (rows == 0) {
      style.atTheEnd().accept(this::end);
    } else {
      end();
    }
  }

  abstract void end();
}
