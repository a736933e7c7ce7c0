package io.llmaccounting.cli.sinks;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Opens a sink before anybody runs it. */
@Command(
    name = "open",
    description =
        "Open a sink before it is first run: from now on what is recorded waits for it. Does nothing"
            + " where it is open.",
    footer = {
      "llm-accounting sinks open files",
      "llm-accounting sinks open archive --from 2026-01-01T00:00:00Z"
    })
final class OpenSink extends AccountingCommand {
  @Parameters(paramLabel = "SINK", description = "Its name, as it is run with.")
  String sink = "";

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      description = "Calls made from this instant on are delivered, too. Default: none of them.")
  @Nullable Instant from;

  @Override
  protected boolean createsDatabase() {
    return true;
  }

  @Override
  protected int run(Run run) {
    boolean opened = SinkStores.of(run).outbox().open(sink, from);
    run.note(opened ? "Opened %s.".formatted(sink) : "%s was open already.".formatted(sink));
    return Exit.DONE;
  }
}
