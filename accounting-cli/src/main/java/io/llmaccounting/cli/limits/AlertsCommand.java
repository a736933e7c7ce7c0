package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.limit.Alert;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists thresholds that were crossed. */
@Command(
    name = "alerts",
    description = {
      "List the thresholds of limits that were crossed.",
      "Looking does not deliver them: listeners of services still hear of each."
    },
    footer = {"llm-accounting alerts", "llm-accounting alerts --undelivered"})
public final class AlertsCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.id("id").asSpare(),
          Column.time("fired_at"),
          Column.text("limit"),
          Column.text("subject").asSpare(),
          Column.number("percent"),
          Column.amount("used"),
          Column.amount("maximum"));

  @Option(names = "--undelivered", description = "Only those that no service has heard of yet.")
  boolean undelivered;

  @Override
  protected int run(Run run) {
    MetricsOfLimits metrics = MetricsOfLimits.of(run);
    try (Sheet sheet = run.rows(COLUMNS)) {
      for (Alert alert : run.backend().ledger().alerts(undelivered)) {
        sheet.row(
            alert.id(),
            alert.firedAt(),
            alert.limit(),
            Amounts.subject(alert.subject()),
            alert.percent(),
            metrics.amount(alert.limit(), alert.used()),
            metrics.amount(alert.limit(), alert.maximum()));
      }
    }
    return Exit.DONE;
  }
}
