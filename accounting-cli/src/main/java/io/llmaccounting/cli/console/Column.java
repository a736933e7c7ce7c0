package io.llmaccounting.cli.console;

import java.util.Locale;

/**
 * A column of what is printed.
 *
 * @param name what programs know it by: lower case letters and underscores, never changed
 * @param kind what its values are
 */
public record Column(String name, Kind kind) {

  /** What a column's values are; any of them may be null. */
  public enum Kind {
    /** A String, an enum or a UUID. */
    TEXT(false),
    /** A Long or an Integer. */
    NUMBER(true),
    /** A BigDecimal that is no money, such as a percentage. */
    DECIMAL(true),
    /** A Cost; a Long where a limit counts something else. */
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

  /** A column of texts, or of what has a name. */
  public static Column text(String name) {
    return new Column(name, Kind.TEXT);
  }

  /** A column of whole numbers. */
  public static Column number(String name) {
    return new Column(name, Kind.NUMBER);
  }

  /** A column of decimal numbers that are no money. */
  public static Column decimal(String name) {
    return new Column(name, Kind.DECIMAL);
  }

  /** A column of money, or of what limits measure: money or numbers. */
  public static Column amount(String name) {
    return new Column(name, Kind.AMOUNT);
  }

  /** A column of instants. */
  public static Column time(String name) {
    return new Column(name, Kind.TIME);
  }

  /** A column of durations. */
  public static Column duration(String name) {
    return new Column(name, Kind.DURATION);
  }

  /** A column of yes and no. */
  public static Column flag(String name) {
    return new Column(name, Kind.FLAG);
  }

  /** A column of lists. */
  public static Column list(String name) {
    return new Column(name, Kind.LIST);
  }

  /** A column of tags and the like. */
  public static Column map(String name) {
    return new Column(name, Kind.MAP);
  }

  /** Whether tables align it to the right. */
  boolean isRight() {
    return kind.right;
  }

  /** What people read above it; a name may come from outside, as a question in SQL gives it. */
  String title() {
    return Escaped.line(name.replace('_', ' ').toUpperCase(Locale.ROOT));
  }
}
