package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.directory.DirectoryEntry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A command about one name of its group's kind. */
abstract class NameCommand extends AccountingCommand {
  @ParentCommand @Nullable Names group;

  @Parameters(index = "0", paramLabel = "NAME", description = "Its name.")
  String name = "";

  Names group() {
    if (group == null) {
      throw new IllegalStateException("picocli gives a command its group");
    }
    return group;
  }

  /** Adds {@code entry}, or fails where its name is taken. */
  int add(Run run, DirectoryEntry entry) {
    if (!run.accounting().directory().add(entry)) {
      throw Failure.failed(
          "there is a %s \"%s\" already".formatted(group().word(), entry.name()),
          "See 'llm-accounting %ss list'.".formatted(group().word()));
    }
    return print(run);
  }

  /** Prints the entry as it is now. */
  int print(Run run) {
    DirectoryEntry.Kind kind = group().kind();
    DirectoryEntry entry =
        run.backend().directory().find(kind, name).orElseThrow(() -> group().unknown(name));
    group().print(run, entry);
    return Exit.DONE;
  }
}
