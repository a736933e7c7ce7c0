package io.llmaccounting.cli.directory;

import io.llmaccounting.directory.DirectoryEntry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is known of a user besides the name. */
final class UserOptions {
  @Option(names = "--ou", paramLabel = "NAME", description = "The organisation unit.")
  @Nullable String unit;

  @Option(names = "--email", paramLabel = "ADDRESS", description = "The e-mail address.")
  @Nullable String email;

  DirectoryEntry into(DirectoryEntry user) {
    DirectoryEntry changed = unit == null ? user : user.organisationUnit(unit);
    return email == null ? changed : changed.email(email);
  }
}
