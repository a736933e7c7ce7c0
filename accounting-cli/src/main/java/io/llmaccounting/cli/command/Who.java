package io.llmaccounting.cli.command;

import io.llmaccounting.usage.Attribution;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say who a call is made for. */
public final class Who {
  @Option(names = "--project", paramLabel = "NAME", description = "The project.")
  @Nullable String project;

  @Option(names = "--user", paramLabel = "NAME", description = "The user.")
  @Nullable String user;

  @Option(names = "--caller", paramLabel = "NAME", description = "The application or feature.")
  @Nullable String caller;

  @Option(names = "--session", paramLabel = "NAME", description = "The session.")
  @Nullable String session;

  @Option(
      names = "--tag",
      paramLabel = "KEY=VALUE",
      description = "A tag; may be repeated, at most 16.")
  Map<String, String> tags = new LinkedHashMap<>();

  /** The attribution that was given. */
  public Attribution attribution() {
    return new Attribution(project, user, caller, session, tags);
  }
}
