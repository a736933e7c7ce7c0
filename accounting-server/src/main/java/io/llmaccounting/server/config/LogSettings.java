package io.llmaccounting.server.config;

/**
 * What is logged.
 *
 * @param format how a line looks
 * @param level what is left out
 */
public record LogSettings(Format format, Level level) {
  /** Text, from INFO on. */
  public static final LogSettings DEFAULTS = new LogSettings(Format.TEXT, Level.INFO);

  /** How a line looks. */
  public enum Format {
    /** For people. */
    TEXT,
    /** An object of JSON a line. */
    JSON
  }

  /** The least that a line must be to be written. */
  public enum Level {
    /** What needs somebody at once. */
    ERROR,
    /** What somebody should look at. */
    WARN,
    /** What happened that is worth a line. */
    INFO,
    /** More than anybody needs every day. */
    DEBUG
  }
}
