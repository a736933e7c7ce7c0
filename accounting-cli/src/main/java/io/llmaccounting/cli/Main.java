package io.llmaccounting.cli;

import io.llmaccounting.cli.console.Console;

/** Where the process begins. */
public final class Main {
  private Main() {}

  /** Runs the command and ends the process with its code. */
  public static void main(String[] arguments) {
    // failures are told on standard error; a log would only repeat them
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    Console console = ProcessConsole.open();
    int exit = new Tool(console).run(arguments);
    console.out().flush();
    console.err().flush();
    // threads of a pool or a driver must not keep a finished command alive
    System.exit(exit);
  }
}
