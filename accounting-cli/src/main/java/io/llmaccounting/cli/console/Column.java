package io.llmaccounting.cli.console;

import java.util.Locale;

/**
 * A column of what is printed.
 *
 * @param name what programs know it by: lower case letters and underscores, never changed
 * @param kind what its values are
 * @param heading what stands above it in tables, in place of its name
 * @param spare whether tables leave it out where all of it is empty, and before others where a
 *     terminal is too narrow
 */
public record Column(String name, Kind kind, String heading, boolean spare) {

  /** The kind of a column's values; any of them may be null. */
  public enum Kind {
    /** A String or an enum. */
    TEXT(false),
    /** A UUID or another text that is of no use where it is cut. */
    ID(false),
    /** A Long or an Integer that counts something. */
    NUMBER(true),
    /** A Long or a BigDecimal whose digits are a name, or of which nothing is known. */
    CODE(true),
    /** A BigDecimal that is no money, such as a percentage. */
    DECIMAL(true),
    /** A Cost, or Dollars that may be below zero; a Long where a limit counts something else. */
    AMOUNT(true),
    /** An Instant. */
    TIME(false),
    /** A Duration; seconds for programs. */
    DURATION(true),
    /** A Boolean. */
    FLAG(false),
    /** A List of texts. */
    LIST(false),
    /** A Map of texts or numbers by name. */
    MAP(false);

    private final boolean right;

    Kind(boolean right) {
      this.right = right;
    }
  }

  private static Column of(String name, Kind kind) {
    return new Column(name, kind, name.replace('_', ' '), false);
  }

  /** Returns this column as one that tables may leave out. */
  public Column asSpare() {
    return new Column(name, kind, heading, true);
  }

  /** Returns this column with these words above it in tables. */
  public Column titled(String words) {
    return new Column(name, kind, words, spare);
  }

  /** A column of texts, or of what has a name. */
  public static Column text(String name) {
    return of(name, Kind.TEXT);
  }

  /** A column of whole numbers. */
  public static Column number(String name) {
    return of(name, Kind.NUMBER);
  }

  /** A column of UUIDs and the like. */
  public static Column id(String name) {
    return of(name, Kind.ID);
  }

  /** A column of numbers that are names, shown digit by digit. */
  public static Column code(String name) {
    return of(name, Kind.CODE);
  }

  /** A column of decimal numbers that are no money. */
  public static Column decimal(String name) {
    return of(name, Kind.DECIMAL);
  }

  /** A column of money, or of what limits measure: money or numbers. */
  public static Column amount(String name) {
    return of(name, Kind.AMOUNT);
  }

  /** A column of instants. */
  public static Column time(String name) {
    return of(name, Kind.TIME);
  }

  /** A column of durations. */
  public static Column duration(String name) {
    return of(name, Kind.DURATION);
  }

  /** A column of yes and no. */
  public static Column flag(String name) {
    return of(name, Kind.FLAG);
  }

  /** A column of lists. */
  public static Column list(String name) {
    return of(name, Kind.LIST);
  }

  /** A column of tags and the like. */
  public static Column map(String name) {
    return of(name, Kind.MAP);
  }

  /** Whether tables align it to the right. */
  boolean isRight() {
    return kind.right;
  }

  /** Whether tables may cut its values where a terminal is too narrow. */
  boolean isCut() {
    return kind == Kind.TEXT || kind == Kind.LIST || kind == Kind.MAP;
  }

  /**
   * The title that people read above the column; it may come from outside, as the names in a
   * question in SQL do.
   */
  String title() {
    return Escaped.line(heading.toUpperCase(Locale.ROOT));
  }
}
