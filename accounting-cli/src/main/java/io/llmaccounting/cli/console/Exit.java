package io.llmaccounting.cli.console;

/** What the process ends with. These numbers are a promise to scripts. */
public final class Exit {
  /** Done. */
  public static final int DONE = 0;

  /** It was tried and failed, or some of it did. */
  public static final int FAILED = 1;

  /** Nothing was tried: the command or a value in it is wrong. */
  public static final int USAGE = 2;

  /** A limit has no room for the call. */
  public static final int DENIED = 3;

  private Exit() {}
}
