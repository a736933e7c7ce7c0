package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Lists the names of its group's kind. */
@Command(name = "list", description = "List them by name.", footer = "${COMMAND-FULL-NAME}")
final class ListNames extends AccountingCommand {
  @ParentCommand @Nullable Names group;

  @Override
  protected int run(Run run) {
    if (group == null) {
      throw new IllegalStateException("picocli gives a command its group");
    }
    try (Sheet sheet = run.rows(group.columns())) {
      run.backend().directory().list(group.kind()).forEach(entry -> group.row(sheet, entry));
    }
    return Exit.DONE;
  }
}
