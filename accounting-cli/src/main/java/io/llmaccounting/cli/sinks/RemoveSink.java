package io.llmaccounting.cli.sinks;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes a sink with all that waits for it. */
@Command(
    name = "remove",
    description =
        "Remove a sink that nobody runs any more, with all that waits for it and what it refused."
            + " Records stay. Needs --yes.",
    footer = "llm-accounting sinks remove files --yes")
final class RemoveSink extends AccountingCommand {
  @Parameters(paramLabel = "SINK", description = "Its name.")
  String sink = "";

  @Option(names = "--yes", description = "Do remove it.")
  boolean yes;

  @Override
  protected int run(Run run) {
    if (!yes) {
      throw new IllegalArgumentException(
          "what waits for a sink is forgotten for good: add --yes to do so");
    }
    if (!SinkStores.of(run).outbox().remove(sink)) {
      throw SinkStores.unknown(sink);
    }
    run.note("Removed %s.".formatted(sink));
    return Exit.DONE;
  }
}
