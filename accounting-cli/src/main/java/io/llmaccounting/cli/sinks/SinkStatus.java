package io.llmaccounting.cli.sinks;

import io.llmaccounting.backend.SinkState;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says how one sink stands. */
@Command(
    name = "status",
    description =
        "Say how a sink stands: what waits and since when, what it took, who delivers to it, why it"
            + " last failed. Ends with 1 where it fails at present.",
    footer = "llm-accounting sinks status files")
final class SinkStatus extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("sink"),
          Column.time("opened_at"),
          Column.number("waiting"),
          Column.time("oldest"),
          Column.time("replayed_to"),
          Column.number("delivered"),
          Column.time("delivered_at"),
          Column.number("dead_letters"),
          Column.id("holder"),
          Column.time("held_until"),
          Column.flag("failing"),
          Column.text("error"),
          Column.time("error_at"));

  @Parameters(paramLabel = "SINK", description = "Its name.")
  String sink = "";

  @Override
  protected int run(Run run) {
    SinkState state = SinkStores.state(run, sink);
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(
          state.name(),
          state.openedAt(),
          state.waiting(),
          state.oldest(),
          state.replayedTo(),
          state.delivered(),
          state.deliveredAt(),
          state.refused(),
          state.holder(),
          state.heldUntil(),
          state.isFailing(),
          state.error(),
          state.errorAt());
    }
    return state.isFailing() ? Exit.FAILED : Exit.DONE;
  }
}
