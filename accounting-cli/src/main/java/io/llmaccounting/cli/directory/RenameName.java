package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.directory.DirectoryEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Gives a project or user another name. */
@Command(
    name = "rename",
    description = "Give it another name; what was recorded stays under the old one.",
    footer = "${COMMAND-FULL-NAME} apollo artemis")
final class RenameName extends NameCommand {
  @Parameters(index = "1", paramLabel = "NEW", description = "Its new name.")
  String to = "";

  @Override
  protected int run(Run run) {
    DirectoryEntry.Kind kind = group().kind();
    // a name that no entry may have is refused before anything is written
    DirectoryEntry wanted =
        kind == DirectoryEntry.Kind.USER ? DirectoryEntry.user(to) : DirectoryEntry.project(to);
    if (run.backend().directory().find(kind, name).isEmpty()) {
      throw group().unknown(name);
    }
    if (!run.accounting().directory().rename(kind, name, wanted.name())) {
      throw Failure.failed(
          "there is a %s \"%s\" already".formatted(group().word(), to), "Choose another name.");
    }
    DirectoryEntry renamed =
        run.backend().directory().find(kind, to).orElseThrow(() -> group().unknown(to));
    group().print(run, renamed);
    return Exit.DONE;
  }
}
