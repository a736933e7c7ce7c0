package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.directory.DirectoryEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a user known. */
@Command(
    name = "add",
    description = "Make a user known.",
    footer = "llm-accounting users add carol --ou research --email carol@example.org")
final class AddUser extends NameCommand {
  @Mixin UserOptions more = new UserOptions();

  @Override
  protected boolean createsDatabase() {
    return true;
  }

  @Override
  protected int run(Run run) {
    return add(run, more.into(DirectoryEntry.user(name)));
  }
}
