package io.llmaccounting.server;

/** Starts the server from the command line. */
public final class Main {
  private Main() {}

  /** Runs the command that {@code arguments} name. */
  public static void main(String[] arguments) {}
}
