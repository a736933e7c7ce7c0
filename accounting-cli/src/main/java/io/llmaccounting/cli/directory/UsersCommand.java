package io.llmaccounting.cli.directory;

import io.llmaccounting.directory.DirectoryEntry;
import picocli.CommandLine.Command;

/** The users that are known. */
@Command(
    name = "users",
    description = {
      "List and change the users that are known.",
      "They matter where names are enforced; see --enforce-names."
    },
    subcommands = {
      AddUser.class,
      ListNames.class,
      ChangeUser.class,
      RenameName.class,
      ActivateName.class,
      DeactivateName.class,
      RemoveName.class
    })
public final class UsersCommand implements Names {
  @Override
  public DirectoryEntry.Kind kind() {
    return DirectoryEntry.Kind.USER;
  }
}
