package io.llmaccounting.cli.directory;

import io.llmaccounting.directory.DirectoryEntry;
import picocli.CommandLine.Command;

/** The projects that are known. */
@Command(
    name = "projects",
    description = {
      "List and change the projects that are known.",
      "They matter where names are enforced; see --enforce-names."
    },
    subcommands = {
      AddProject.class,
      ListNames.class,
      RenameName.class,
      ActivateName.class,
      DeactivateName.class,
      RemoveName.class
    })
public final class ProjectsCommand implements Names {
  @Override
  public DirectoryEntry.Kind kind() {
    return DirectoryEntry.Kind.PROJECT;
  }
}
