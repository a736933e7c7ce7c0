package io.llmaccounting.server.command;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.cli.command.Times;
import io.llmaccounting.json.DurationText;
import io.llmaccounting.limit.Limit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a key. */
@Command(
    name = "create",
    description = {
      "Make a key and show it, once. Calls under it belong to its project and user, and have the tag"
          + " 'key' with its id.",
      "With --quiet only the key is printed."
    },
    footer = {
      "llm-accounting-server keys create laptop --user alice",
      "llm-accounting-server keys create ci --project apollo --model \"gpt-5-*\" --expires 90d"
          + " --limit cost=5/month --limit requests=60/1m"
    })
final class CreateKey extends ServerCommand {
  @Parameters(paramLabel = "NAME", description = "What people call it; several may have one name.")
  String name = "";

  @Option(names = "--project", paramLabel = "NAME", description = "The project of its calls.")
  @Nullable String project;

  @Option(names = "--user", paramLabel = "NAME", description = "The user of its calls.")
  @Nullable String user;

  @Option(
      names = "--tag",
      paramLabel = "KEY=VALUE",
      description = "A tag of its calls; may be repeated, at most 15.")
  Map<String, String> tags = new LinkedHashMap<>();

  @Option(
      names = "--model",
      paramLabel = "PATTERN",
      description =
          "A model that it may call; * stands for any characters; may be repeated. Default: all.")
  Set<String> models = new LinkedHashSet<>();

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "A provider that it may call; may be repeated. Default: all.")
  Set<String> providers = new LinkedHashSet<>();

  @Option(
      names = "--role",
      paramLabel = "call|ingest|read|manage",
      description = "What it may do; may be repeated. Default: call.")
  Set<AccessRole> roles = new LinkedHashSet<>();

  @Option(
      names = "--expires",
      paramLabel = "TIME|DURATION",
      description = "When it expires: 90d from now, or 2026-12-31. Default: never.")
  @Nullable String expires;

  @Option(
      names = "--limit",
      paramLabel = KeyLimit.FORM,
      description =
          "How much its calls may use: cost=5/month, requests=60/1m, total-tokens=100000/lifetime;"
              + " may be repeated.")
  List<String> limits = new ArrayList<>();

  @Override
  boolean mayCreate() {
    return true;
  }

  @Override
  int run(ServerRun run) {
    List<KeyLimit> wanted =
        limits.stream().map(text -> KeyLimit.parse(text, run.globals().printing.zone())).toList();
    AccessTerms terms = terms(run);
    KnownProjects.warn(run, project);
    IssuedKey issued = run.accounting().access().issue(terms);
    List<Limit> saved = wanted.stream().map(limit -> limit.of(issued.key().id())).toList();
    try {
      run.accounting().limits().saveAll(saved);
    } catch (RuntimeException e) {
      // a key without the limits that it was to have must not stay
      run.accounting().access().revoke(issued.key().id());
      throw e;
    }
    return KeyRows.issued(run, issued);
  }

  private AccessTerms terms(ServerRun run) {
    Set<AccessRole> may = roles.isEmpty() ? Set.of(AccessRole.CALL) : roles;
    return new AccessTerms(name, project, user, tags, models, providers, may, expiry(run));
  }

  private @Nullable Instant expiry(ServerRun run) {
    if (expires == null) {
      return null;
    }
    boolean duration = expires.matches("P.*|\\d+(\\.\\d+)?[a-z].*");
    Instant now = run.console().clock().instant();
    Instant at =
        duration
            ? now.plus(DurationText.parse(expires))
            : Times.parse("--expires", expires, run.globals().printing.zone());
    if (!at.isAfter(now)) {
      throw new IllegalArgumentException("--expires must lie in the future, was " + expires);
    }
    return at;
  }
}
