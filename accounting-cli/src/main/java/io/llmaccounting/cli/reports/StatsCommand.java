package io.llmaccounting.cli.reports;

import io.llmaccounting.ReportRequest;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Dimensions;
import io.llmaccounting.cli.command.Narrowed;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.Timespan;
import io.llmaccounting.usage.UsageReport;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Adds up what was used. */
@Command(
    name = "stats",
    description = {
      "Add up calls, tokens, costs and latencies.",
      "Averages are over what is known: calls without tokens or without a price are counted apart."
    },
    footer = {
      "llm-accounting stats --period last-month",
      "llm-accounting stats --period this-month --by project,model --top 10",
      "llm-accounting stats --from 2026-03-01 --bucket day --user alice",
      "llm-accounting stats --by tag:team --rank tokens --format csv"
    })
public final class StatsCommand extends AccountingCommand {
  @Option(
      names = "--period",
      converter = PeriodWord.Reader.class,
      paramLabel = "WORD",
      description =
          "A day, week from Monday, month, quarter or year of the calendar in --zone: today,"
              + " yesterday, this-week, last-week, this-month, last-month, this-quarter,"
              + " last-quarter, this-year or last-year. The current ones are also called daily,"
              + " weekly, monthly, quarterly and yearly.")
  @Nullable PeriodWord period;

  @Mixin Narrowed narrowed = new Narrowed();

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "DIMENSION",
      description =
          "A row for each value: model, provider, project, user, caller, session, response-model,"
              + " operation, outcome, source, tag:KEY; several are joined by commas.")
  List<String> by = new ArrayList<>();

  @Option(
      names = "--bucket",
      paramLabel = "hour|day|week|month",
      description = "A row for each stretch of time, as the calendar of --zone cuts it.")
  @Nullable TimeBucket bucket;

  @Option(
      names = "--rank",
      paramLabel = "cost|calls|tokens|input-tokens|output-tokens|failed|unpriced|latency",
      description = "Rows with the most of it first, and their bars. Default: cost.")
  @Nullable Ranking rank;

  @Option(names = "--top", paramLabel = "N", description = "So many rows of the ranking, no more.")
  @Nullable Integer top;

  @Option(
      names = "--spread",
      description = "Smallest and largest figures and percentiles of latency; reads every call.")
  boolean spread;

  @Option(names = "--unpriced", description = "Only calls whose cost is not known.")
  boolean unpriced;

  @Override
  protected int run(Run run) {
    ZoneId zone = run.globals().zone();
    if (top != null && top < 1) {
      throw new IllegalArgumentException("--top must be at least 1, was " + top);
    }
    ReportRequest request =
        run.accounting()
            .report(span(zone))
            .only(unpriced ? narrowed.filter().unpriced() : narrowed.filter())
            .by(by.stream().map(word -> Dimensions.parse("--by", word)).toArray(Dimension[]::new));
    if (bucket != null) {
      request.each(bucket, zone);
    }
    if (spread) {
      request.withDistribution();
    }
    UsageReport report = request.run();
    new StatsSheet(run, report, rank, top).print();
    if (report.isCutByPurge()) {
      run.note(
          "calls before " + report.completeFrom() + " were purged; what is shown may lack them");
    }
    return Exit.DONE;
  }

  private Timespan span(ZoneId zone) {
    if (period != null && narrowed.hasPeriod()) {
      throw new IllegalArgumentException(
          "when must be said once, by --period or by --from and --to");
    }
    return period != null ? period.in(zone) : narrowed.period(zone);
  }
}
