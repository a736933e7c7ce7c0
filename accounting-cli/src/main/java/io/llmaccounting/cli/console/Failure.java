package io.llmaccounting.cli.console;

/** Ends a command with a message for people, a next step and an exit code. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exit;
  private final String next;

  private Failure(int exit, String message, String next) {
    super(message);
    this.exit = exit;
    this.next = next;
  }

  /** A failure of a command that was tried; {@code next} says what to do about it. */
  public static Failure failed(String message, String next) {
    return new Failure(Exit.FAILED, message, next);
  }

  /** A failure because what was asked makes no sense; {@code next} says what would. */
  public static Failure usage(String message, String next) {
    return new Failure(Exit.USAGE, message, next);
  }

  /** A refusal because a limit has no room; {@code next} says what to do about it. */
  public static Failure denied(String message, String next) {
    return new Failure(Exit.DENIED, message, next);
  }

  /** One of the codes of {@link Exit}. */
  public int exit() {
    return exit;
  }

  /** What to do next, in one sentence. */
  public String next() {
    return next;
  }
}
