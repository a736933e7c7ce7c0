package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.server.config.Fallback;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.UpstreamSettings;
import java.util.List;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/** Lists upstreams. */
@Command(
    name = "list",
    description = {
      "List the upstreams by the first segment of the paths that lead to them.",
      "Says whether there is a credential, and never which."
    },
    footer = "llm-accounting-server upstreams list")
final class ListUpstreams extends ServerCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("name"),
          Column.text("kind"),
          Column.id("url"),
          Column.text("provider").asSpare(),
          Column.text("auth").asSpare(),
          Column.flag("credential"),
          Column.flag("default").asSpare(),
          Column.number("attempts").asSpare(),
          Column.list("fallbacks").asSpare());

  @Override
  int run(ServerRun run) {
    GatewaySettings gateway = run.settings().settings().gateway();
    try (Sheet sheet = run.answers().rows(COLUMNS)) {
      for (UpstreamSettings one : new TreeMap<>(gateway.upstreams()).values()) {
        sheet.row(
            one.name(),
            Words.of(one.kind()),
            one.base(),
            one.provider(),
            Words.of(one.auth()),
            one.credential() != null,
            one.name().equals(gateway.defaultUpstream()),
            one.attempts(),
            one.fallbacks().stream().map(ListUpstreams::text).toList());
      }
    }
    return Exit.DONE;
  }

  private static String text(Fallback fallback) {
    return fallback.model() == null
        ? fallback.upstream()
        : fallback.upstream() + ":" + fallback.model();
  }
}
