package io.llmaccounting.server.command;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists keys. */
@Command(
    name = "list",
    description = "List keys by name, without their secrets; revoked and expired ones with --all.",
    footer = {
      "llm-accounting-server keys list",
      "llm-accounting-server keys list --project apollo --all --format json"
    })
final class ListKeys extends ServerCommand {
  private static final int PAGE = 500;

  @Option(names = "--project", paramLabel = "NAME", description = "Keys of this project.")
  @Nullable String project;

  @Option(names = "--user", paramLabel = "NAME", description = "Keys of this user.")
  @Nullable String user;

  @Option(names = "--all", description = "Also those that are not valid any more.")
  boolean all;

  @Override
  int run(ServerRun run) {
    Instant now = run.console().clock().instant();
    AccessKeyQuery query = new AccessKeyQuery(project, user, null, PAGE);
    try (Sheet sheet = run.answers().rows(KeyRows.COLUMNS)) {
      List<AccessKey> page = run.accounting().access().list(query);
      while (!page.isEmpty()) {
        page.stream()
            .filter(key -> all || key.isValidAt(now))
            .forEach(key -> KeyRows.row(sheet, key, now));
        query = query.after(page.get(page.size() - 1).position());
        page = run.accounting().access().list(query);
      }
    }
    return Exit.DONE;
  }
}
