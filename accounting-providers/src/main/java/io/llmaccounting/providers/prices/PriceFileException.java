package io.llmaccounting.providers.prices;

import org.jspecify.annotations.Nullable;

/** A file of prices can not be used; the message says where in it, what was found, and the rule. */
public final class PriceFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  PriceFileException(String file, int line, String problem, @Nullable Throwable cause) {
    super(
        line > 0 ? "%s, line %d: %s".formatted(file, line, problem) : file + ": " + problem, cause);
    this.line = line;
  }

  /** The line of the problem, counted from 1; 0 where the file as a whole is the problem. */
  public int line() {
    return line;
  }
}
