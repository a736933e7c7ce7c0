package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.directory.DirectoryEntry;
import picocli.CommandLine.Command;

/** Makes a project known. */
@Command(
    name = "add",
    description = "Make a project known.",
    footer = "llm-accounting projects add voyager")
final class AddProject extends NameCommand {
  @Override
  protected boolean createsDatabase() {
    return true;
  }

  @Override
  protected int run(Run run) {
    return add(run, DirectoryEntry.project(name));
  }
}
