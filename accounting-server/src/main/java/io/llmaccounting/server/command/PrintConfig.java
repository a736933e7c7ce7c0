package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.server.config.Setting;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the settings that are in force. */
@Command(
    name = "print-config",
    description = {
      "Print the settings that are in force, and who gave each of them. Secrets are masked.",
      "A source is a line of the file, a variable, the command line, or default."
    },
    footer = {
      "llm-accounting-server print-config --given",
      "llm-accounting-server print-config --format json"
    })
final class PrintConfig extends ServerCommand {
  private static final List<Column> COLUMNS =
      List.of(Column.id("setting"), Column.text("value"), Column.text("source"));

  @Option(names = "--given", description = "Leave out defaults.")
  boolean given;

  @Override
  int run(ServerRun run) {
    try (Sheet sheet = run.answers().rows(COLUMNS)) {
      for (Setting setting : run.settings().values()) {
        if (!given || !setting.source().equals("default")) {
          sheet.row(
              setting.path(), setting.value().isEmpty() ? null : setting.value(), setting.source());
        }
      }
    }
    return Exit.DONE;
  }
}
