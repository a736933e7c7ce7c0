package io.llmaccounting.cli.sinks;

import io.llmaccounting.backend.UnknownSinkException;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Delivers calls of the past once more. */
@Command(
    name = "replay",
    description =
        "Deliver calls of the past once more, under their ids, beside what is recorded meanwhile.",
    footer = "llm-accounting sinks replay files --from 2026-03-01T00:00:00Z")
final class ReplaySink extends AccountingCommand {
  @Parameters(paramLabel = "SINK", description = "Its name.")
  String sink = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "INSTANT",
      description = "Calls made from this instant on.")
  Instant from = Instant.EPOCH;

  @Override
  protected int run(Run run) {
    try {
      SinkStores.of(run).redelivery().replay(sink, from);
    } catch (UnknownSinkException e) {
      throw SinkStores.unknown(e.sink());
    }
    run.note("Calls since %s are delivered once more to %s.".formatted(from, sink));
    return Exit.DONE;
  }
}
