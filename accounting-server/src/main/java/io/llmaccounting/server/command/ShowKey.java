package io.llmaccounting.server.command;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what is known of a key. */
@Command(
    name = "show",
    description = "Show what is known of a key, without its secret.",
    footer = "llm-accounting-server keys show laptop")
final class ShowKey extends ServerCommand {
  @Mixin final KeyArgument argument = new KeyArgument();

  @Override
  int run(ServerRun run) {
    AccessKey key = argument.in(run);
    try (Sheet sheet = run.answers().record(KeyRows.COLUMNS)) {
      KeyRows.row(sheet, key, run.console().clock().instant());
    }
    return Exit.DONE;
  }
}
