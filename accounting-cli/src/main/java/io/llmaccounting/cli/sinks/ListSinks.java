package io.llmaccounting.cli.sinks;

import io.llmaccounting.backend.SinkState;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the sinks. */
@Command(
    name = "list",
    description = "List the sinks that are open, and how much waits for each.",
    footer = "llm-accounting sinks list")
final class ListSinks extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("sink"),
          Column.number("waiting"),
          Column.time("oldest"),
          Column.number("dead_letters"),
          Column.flag("failing"));

  @Override
  protected int run(Run run) {
    List<SinkState> states = SinkStores.of(run).outbox().sinks();
    try (Sheet sheet = run.rows(COLUMNS)) {
      for (SinkState state : states) {
        sheet.row(
            state.name(), state.waiting(), state.oldest(), state.refused(), state.isFailing());
      }
    }
    return Exit.DONE;
  }
}
