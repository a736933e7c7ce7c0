package io.llmaccounting.cli;

import io.llmaccounting.cli.calls.TrackCommand;
import io.llmaccounting.cli.directory.ProjectsCommand;
import io.llmaccounting.cli.directory.UsersCommand;
import io.llmaccounting.cli.limits.LimitsCommand;
import io.llmaccounting.cli.spool.HealthCommand;
import io.llmaccounting.cli.spool.SpoolCommand;
import java.util.List;
import picocli.CommandLine;

/** Every command, in the order in which help lists them. A new one is a line here. */
final class Commands {
  private static final List<Entry> ALL =
      List.of(
          new Entry("track", TrackCommand::new),
          new Entry("limits", LimitsCommand::new),
          new Entry("projects", ProjectsCommand::new),
          new Entry("users", UsersCommand::new),
          new Entry("health", HealthCommand::new),
          new Entry("spool", SpoolCommand::new));

  private interface Maker {
    Object make();
  }

  private record Entry(String name, Maker maker) {}

  private Commands() {}

  static List<String> names() {
    return ALL.stream().map(Entry::name).toList();
  }

  static void addAll(CommandLine root) {
    ALL.forEach(entry -> root.addSubcommand(entry.name(), entry.maker().make()));
  }

  /** Adds the command of this name alone. */
  static void add(CommandLine root, String name) {
    ALL.stream()
        .filter(entry -> entry.name().equals(name))
        .forEach(entry -> root.addSubcommand(name, entry.maker().make()));
  }
}
