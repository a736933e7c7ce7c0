package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Console;
import io.llmaccounting.server.process.Front;
import io.llmaccounting.server.process.Stores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command that all others are part of. */
@Command(
    name = ServerRoot.NAME,
    description = {
      "Meters calls of language models by a change of base URL, for clients in any language.",
      "Without a command it runs; without anything else too, on a SQLite file in this folder."
    },
    synopsisSubcommandLabel = "[COMMAND]",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed, or part of it did",
      "2:wrong usage, or wrong settings; nothing was done",
      "3:a limit has no room for the call"
    },
    footer = {
      "llm-accounting-server check-config",
      "llm-accounting-server --db usage.db keys create laptop --user alice"
    })
final class ServerRoot {
  static final String NAME = "llm-accounting-server";

  private final Console console;
  private final Stores stores;
  private final Front front;

  @Mixin private final ServerGlobals globals = new ServerGlobals();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Say how it is used, and do nothing.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Say which version this is.")
  boolean version;

  ServerRoot(Console console, Stores stores, Front front) {
    this.console = console;
    this.stores = stores;
    this.front = front;
  }

  Console console() {
    return console;
  }

  Stores stores() {
    return stores;
  }

  Front front() {
    return front;
  }

  ServerGlobals globals() {
    return globals;
  }
}
