package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Legible;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows how the counters of limits stand. */
@Command(
    name = "status",
    description = "Show how every counter stands, or those of one limit.",
    footer = {"llm-accounting limits status", "llm-accounting limits status alice-daily"})
final class LimitsStatus extends AccountingCommand {
  private static final long NEARLY = 80;
  private static final long FULL = 100;

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("limit"),
          Column.text("subject").asSpare(),
          Column.text("metric"),
          Column.amount("maximum"),
          Column.amount("used"),
          Column.amount("held").asSpare(),
          Column.amount("remaining").titled("left"),
          Column.amount("overshoot").asSpare(),
          Column.time("resets_at").asSpare(),
          Column.number("percent").titled("full"));

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The limit. Default: all.")
  @Nullable String name;

  @Override
  protected int run(Run run) {
    if (name != null && run.accounting().limits().find(name).isEmpty()) {
      throw LimitRows.unknown(name);
    }
    try (Sheet sheet = run.rows(COLUMNS)) {
      for (LimitStatus status : run.accounting().limits().status()) {
        if (name == null || status.limit().name().equals(name)) {
          print(sheet, status);
        }
      }
    }
    return Exit.DONE;
  }

  private static void print(Sheet sheet, LimitStatus status) {
    Metric metric = status.limit().metric();
    sheet.row(
        status.limit().name(),
        Amounts.subject(status.subject()),
        metric,
        Amounts.of(metric, status.limit().maximum()),
        Amounts.of(metric, status.used()),
        Amounts.of(metric, status.held()),
        Amounts.left(status),
        status.overshoot() == 0
            ? Shown.as(Amounts.of(metric, 0), "-")
            : Shown.in(Tone.BAD, Amounts.of(metric, status.overshoot())),
        status.resetsAt().orElse(null),
        full(status));
  }

  private static @Nullable Shown full(LimitStatus status) {
    if (status.limit().isExemption()) {
      return null;
    }
    long percent = Words.percent(status);
    Tone tone = percent >= FULL ? Tone.BAD : percent >= NEARLY ? Tone.WARNING : Tone.PLAIN;
    return new Shown(percent, Legible.number(percent) + "%", tone);
  }
}
