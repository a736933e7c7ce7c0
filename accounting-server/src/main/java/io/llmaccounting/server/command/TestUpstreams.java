package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamSettings;
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
      description = "The upstreams. Default: all that have a credential, or need none.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--project",
      paramLabel = "NAME",
      description = "With the stored credential of this project, in place of the settings'.")
  @Nullable String project;

  @Override
  int run(ServerRun run) {
    List<UpstreamSettings> asked = new ArrayList<>();
    if (names.isEmpty()) {
      new TreeMap<>(run.settings().settings().gateway().upstreams())
          .values().stream().filter(one -> one.credential() != null).forEach(asked::add);
    }
    names.forEach(name -> asked.add(UpstreamArgument.find(run, name)));
    boolean well = true;
    try (Sheet sheet = run.answers().rows(COLUMNS)) {
      for (UpstreamSettings upstream : asked) {
        UpstreamProbe.Result result =
            new UpstreamProbe(run.console().clock()).ask(upstream, credential(run, upstream));
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

  private @Nullable Secret credential(ServerRun run, UpstreamSettings upstream) {
    return project == null
        ? upstream.credential()
        : run.credentials().of(project, upstream.name()).orElse(upstream.credential());
  }
}
