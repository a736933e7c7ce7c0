package io.llmaccounting.cli.upkeep;

import io.llmaccounting.admin.RepriceReport;
import io.llmaccounting.admin.Repricing;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.command.Span;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Known;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.UsageFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prices recorded calls again. */
@Command(
    name = "reprice",
    description = {
      "Price recorded calls that have no cost, with the bundled prices and those of --prices.",
      "Records stay as they are; corrections are stored next to them, and reports and limits"
          + " follow."
    },
    footer = {
      "llm-accounting reprice --dry-run",
      "llm-accounting reprice --model our-own-model --prices prices.json"
    })
public final class RepriceCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.number("examined"),
          Column.number("changed"),
          Column.number("newly_priced"),
          Column.number("still_unpriced"),
          Column.amount("cost_before"),
          Column.amount("cost_after"),
          Column.flag("written"));

  @Mixin Span span = new Span();

  @Option(names = "--dry-run", description = "Only say what would change.")
  boolean dryRun;

  @Option(
      names = "--priced-too",
      description = "Also calls that have a computed cost; one that was stated always stays.")
  boolean pricedToo;

  @Option(names = "--model", paramLabel = "MODEL", description = "Only calls of this model.")
  @Nullable String model;

  @Override
  protected int run(Run run) {
    Repricing repricing =
        run.accounting().admin().reprice(span.period(run.globals().zone())).by(run.prices());
    repricing = pricedToo ? repricing.pricedOnesToo() : repricing;
    repricing = model == null ? repricing : repricing.only(UsageFilter.all().model(model));
    RepriceReport report = dryRun ? repricing.preview() : repricing.apply();
    long pricedAfter = report.examined() - report.stillUnpriced();
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(
          report.examined(),
          report.changed(),
          report.newlyPriced(),
          report.stillUnpriced(),
          Known.cost(report.before(), pricedAfter - report.newlyPriced(), report.examined()),
          Known.cost(report.after(), pricedAfter, report.examined()),
          !dryRun);
    }
    return Exit.DONE;
  }
}
