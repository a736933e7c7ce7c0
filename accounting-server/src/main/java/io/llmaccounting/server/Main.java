package io.llmaccounting.server;

import io.llmaccounting.cli.ProcessConsole;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.server.command.ServerTool;
import io.llmaccounting.server.log.Logs;
import io.llmaccounting.server.process.DatabaseStores;

/** Where the process begins. */
public final class Main {
  private Main() {}

  /** Runs the command that {@code arguments} name, and ends the process with its code. */
  public static void main(String[] arguments) {
    // a command says on standard error what failed; a server logs once it knows how
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
    Logs.prepare();
    Console console = ProcessConsole.open();
    int exit = new ServerTool(console, new DatabaseStores(), new GatewayFront()).run(arguments);
    console.out().flush();
    console.err().flush();
    // threads of a pool or a driver must not keep a finished command alive
    System.exit(exit);
  }
}
