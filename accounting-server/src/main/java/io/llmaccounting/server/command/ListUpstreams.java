package io.llmaccounting.server.command;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.server.config.Fallback;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.UpstreamSettings;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Lists upstreams. */
@Command(
    name = "list",
    description = {
      "List the upstreams by the first segment of the paths that lead to them.",
      "Says where the credential is, and never which: stored, or in the settings; or that there is"
          + " none, or not-needed. Projects are those with a stored one of their own."
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
          Column.text("credential"),
          Column.list("projects").asSpare(),
          Column.flag("default").asSpare(),
          Column.number("attempts").asSpare(),
          Column.list("fallbacks").asSpare());

  @Override
  int run(ServerRun run) {
    GatewaySettings gateway = run.settings().settings().gateway();
    List<ProviderCredential> stored = run.stored();
    try (Sheet sheet = run.answers().rows(COLUMNS)) {
      for (UpstreamSettings one : new TreeMap<>(gateway.upstreams()).values()) {
        sheet.row(
            one.name(),
            Words.of(one.kind()),
            one.base(),
            one.provider(),
            Words.of(one.auth()),
            CredentialPlace.of(one, stored),
            projects(one, stored),
            one.name().equals(gateway.defaultUpstream()),
            one.attempts(),
            one.fallbacks().stream().map(ListUpstreams::text).toList());
      }
    }
    return Exit.DONE;
  }

  private static List<String> projects(UpstreamSettings upstream, List<ProviderCredential> stored) {
    return stored.stream()
        .filter(one -> one.upstream().equals(upstream.name()))
        .flatMap(one -> Stream.ofNullable(one.project()))
        .distinct()
        .sorted()
        .toList();
  }

  private static String text(Fallback fallback) {
    return fallback.model() == null
        ? fallback.upstream()
        : fallback.upstream() + ":" + fallback.model();
  }
}
