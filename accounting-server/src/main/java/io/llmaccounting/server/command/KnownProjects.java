package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Near;
import io.llmaccounting.directory.DirectoryEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks whether a project is known where any is. */
final class KnownProjects {
  private KnownProjects() {}

  /** Warns of a project that is not among those that are known: it may be mistyped. */
  static void warn(ServerRun run, @Nullable String project) {
    if (project == null) {
      return;
    }
    List<String> known =
        run.accounting().directory().projects().stream().map(DirectoryEntry::name).toList();
    if (!known.isEmpty() && !known.contains(project)) {
      run.answers()
          .note(
              "warning: there is no project \"%s\". %s'%s projects create' makes it known."
                  .formatted(project, Near.question(project, known), ServerRoot.NAME));
    }
  }
}
