package io.llmaccounting.cli.command;

import io.llmaccounting.usage.Attribution;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options before the command's name that say who calls are made for where the command does not. */
public final class CallDefaults {
  @Option(
      names = "--project",
      paramLabel = "NAME",
      description = "The project of calls that name none.")
  @Nullable String project;

  @Option(names = "--user", paramLabel = "NAME", description = "The user of calls that name none.")
  @Nullable String user;

  @Option(
      names = "--caller",
      paramLabel = "NAME",
      description = "The application or feature of calls that name none.")
  @Nullable String caller;

  Attribution attribution() {
    return new Attribution(project, user, caller, null, Map.of());
  }
}
