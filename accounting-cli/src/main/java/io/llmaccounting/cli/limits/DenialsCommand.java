package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.command.Span;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.PlainWords;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.limit.DenialCount;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists what limits have refused. */
@Command(
    name = "denials",
    description = "List what limits have refused, counted by limit, subject and minute.",
    footer = "llm-accounting denials --from 2026-03-01")
public final class DenialsCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.time("minute"),
          Column.text("limit"),
          Column.text("subject").asSpare(),
          Column.number("count"),
          Column.amount("last_requested").asSpare(),
          Column.text("last_reason"));

  @Mixin Span span = new Span();

  @Override
  protected int run(Run run) {
    MetricsOfLimits metrics = MetricsOfLimits.of(run);
    try (Sheet sheet = run.rows(COLUMNS)) {
      for (DenialCount denial :
          run.accounting().admin().denials(span.period(run.globals().zone()))) {
        sheet.row(
            denial.minute(),
            denial.limit(),
            Amounts.subject(denial.subject()),
            denial.count(),
            denial.isLastUnpriced() ? null : metrics.amount(denial.limit(), denial.lastRequested()),
            Shown.as(denial.lastReason(), PlainWords.in(denial.lastReason())));
      }
    }
    return Exit.DONE;
  }
}
