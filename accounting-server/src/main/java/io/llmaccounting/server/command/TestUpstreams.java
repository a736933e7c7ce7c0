package io.llmaccounting.server.command;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.server.config.AuthScheme;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.sealing.SealingException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tries whether upstreams answer. */
@Command(
    name = "test",
    description = {
      "Ask upstreams for their list of models, which costs nothing, and say what they answer.",
      "Ends with 1 if one does not answer well."
    },
    footer = "llm-accounting-server upstreams test local")
final class TestUpstreams extends ServerCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("name"),
          Column.text("result"),
          Column.code("status"),
          Column.duration("took"),
          Column.text("reason").asSpare());

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description =
          "The upstreams. Default: all that have a credential, in the settings or stored, and those"
              + " of the settings that need none.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--project",
      paramLabel = "NAME",
      description =
          "With the credential that calls of this project are sent with. Default: with that of calls"
              + " of no project.")
  @Nullable String project;

  @Override
  int run(ServerRun run) {
    List<ProviderCredential> stored = run.stored();
    List<UpstreamSettings> asked = asked(run, stored);
    if (asked.isEmpty()) {
      run.answers()
          .note(
              "No upstream has a credential; '%s projects add-credential' stores one."
                  .formatted(ServerRoot.NAME));
    }
    boolean well = true;
    try (Sheet sheet = run.answers().rows(COLUMNS)) {
      for (UpstreamSettings upstream : asked) {
        UpstreamProbe.Result result = result(run, upstream, stored);
        well &= result.verdict() == UpstreamProbe.Verdict.WELL;
        Tone tone = result.verdict() == UpstreamProbe.Verdict.WELL ? Tone.GOOD : Tone.BAD;
        sheet.row(
            upstream.name(),
            Shown.in(tone, result.verdict()),
            result.status(),
            result.took(),
            result.reason());
      }
    }
    return well ? Exit.DONE : Exit.FAILED;
  }

  private List<UpstreamSettings> asked(ServerRun run, List<ProviderCredential> stored) {
    if (!names.isEmpty()) {
      return names.stream().map(name -> UpstreamArgument.find(run, name)).toList();
    }
    return new TreeMap<>(run.settings().settings().gateway().upstreams())
        .values().stream()
            .filter(
                one ->
                    one.credential() != null
                        || CredentialPlace.isStored(one, project, stored)
                        || (one.auth() == AuthScheme.NONE && isSetUp(run, one)))
            .toList();
  }

  // a server on this machine that nobody spoke of may well not be there
  private static boolean isSetUp(ServerRun run, UpstreamSettings upstream) {
    String path = "upstreams.%s.".formatted(upstream.name());
    return run.settings().values().stream()
        .anyMatch(one -> one.path().startsWith(path) && !one.source().equals("default"));
  }

  private UpstreamProbe.Result result(
      ServerRun run, UpstreamSettings upstream, List<ProviderCredential> stored) {
    Secret credential = upstream.credential();
    try {
      if (CredentialPlace.isStored(upstream, project, stored)) {
        credential = run.credentials().of(project, upstream.name()).orElse(credential);
      }
    } catch (SealingException e) {
      return new UpstreamProbe.Result(UpstreamProbe.Verdict.FAILED, null, null, e.getMessage());
    }
    return new UpstreamProbe(run.console().clock()).ask(upstream, credential);
  }
}
