package io.llmaccounting.cli.console;

/** The codes that the process ends with. These numbers are a promise to scripts. */
public final class Exit {
  /** The command did what was asked. */
  public static final int DONE = 0;

  /** The command was tried and failed, or a part of it failed. */
  public static final int FAILED = 1;

  /** Nothing was tried: the command or a value in it is wrong. */
  public static final int USAGE = 2;

  /** A limit has no room for the call. */
  public static final int DENIED = 3;

  private Exit() {}
}
