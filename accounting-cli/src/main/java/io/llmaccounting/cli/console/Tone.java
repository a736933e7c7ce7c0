package io.llmaccounting.cli.console;

/** The meaning of a colour. Where there are no colours, the words beside the value say the same. */
public enum Tone {
  /** Nothing in particular. */
  PLAIN(""),
  /** Titles and sums. */
  STRONG("1"),
  /** What may be overlooked. */
  FAINT("2"),
  /** As it should be. */
  GOOD("32"),
  /** Soon too much. */
  WARNING("33"),
  /** Too much, refused, failed. */
  BAD("31");

  private static final String BEGIN = "\u001b[";
  private static final String END = "\u001b[0m";

  private final String code;

  Tone(String code) {
    this.code = code;
  }

  /** {@code text}, in this tone where {@code coloured}. */
  public String of(String text, boolean coloured) {
    return this == PLAIN || !coloured || text.isEmpty() ? text : BEGIN + code + "m" + text + END;
  }

  /**
   * Whether there are colours.
   *
   * @param choice auto, always or never
   * @param watched whether a terminal shows what is printed
   */
  public static boolean isOn(Choice choice, Console console, boolean watched) {
    return switch (choice) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
          watched
              && console.variable("NO_COLOR") == null
              && !"dumb".equals(console.variable("TERM"));
    };
  }

  /** Says when there are colours. */
  public enum Choice {
    /** Terminals have them, unless NO_COLOR is set. */
    AUTO,
    /** Files and pipes have them too. */
    ALWAYS,
    /** Nothing has them. */
    NEVER
  }
}
