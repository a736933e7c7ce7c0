package io.llmaccounting.cli.reconcile;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares what a provider counted with what was recorded. */
@Command(
    name = "reconcile",
    description = {
      "Compare what a provider counted with what was recorded, a row for each day and model.",
      "Files are pages of OpenAI's usage and costs interfaces as they came, or the CSV of its"
          + " dashboard. They have sums of many calls, which is why nothing is recorded of them.",
      "Days are those of UTC. Without a model a row is of the whole day. What was recorded is empty"
          + " where a line names no model that was."
    },
    footer = "llm-accounting reconcile costs.csv")
public final class ReconcileCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("day"),
          Column.text("model"),
          Column.number("calls"),
          Column.number("recorded_calls"),
          Column.number("input_tokens"),
          Column.number("recorded_input_tokens"),
          Column.number("output_tokens"),
          Column.number("recorded_output_tokens"),
          Column.decimal("cost"),
          Column.decimal("recorded_cost"),
          Column.decimal("unexplained_cost"));

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files.")
  List<String> files = List.of();

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "Whose calls to compare them with. Default: openai.")
  String provider = "openai";

  @Override
  protected int run(Run run) throws IOException {
    ProviderExport export = new ProviderExport();
    for (String file : files) {
      try (InputStream in = Files.newInputStream(run.console().file(file))) {
        export.add(in);
      }
    }
    Map<Place, Sums> counted = export.sums();
    if (counted.isEmpty()) {
      throw new IllegalArgumentException("the files must tell of usage or costs, told of none");
    }
    Map<Place, UsageTotals> recorded = recorded(run, counted.keySet());
    Set<Place> places = new TreeSet<>(counted.keySet());
    Set<LocalDate> byModel =
        counted.entrySet().stream()
            .filter(one -> one.getKey().model() != null && one.getValue().hasUsage())
            .map(one -> one.getKey().day())
            .collect(Collectors.toSet());
    // what was recorded and not counted matters only where all models are told
    recorded.keySet().stream()
        .filter(one -> one.model() != null && byModel.contains(one.day()))
        .forEach(places::add);
    try (Sheet sheet = run.rows(COLUMNS)) {
      places.forEach(
          place ->
              print(sheet, place, counted.getOrDefault(place, Sums.NONE), recorded.get(place)));
    }
    return Exit.DONE;
  }

  private Map<Place, UsageTotals> recorded(Run run, Set<Place> counted) {
    TreeSet<Place> sorted = new TreeSet<>(counted);
    UsageReport report =
        run.accounting()
            .report(
                TimeRange.between(
                    sorted.first().day(), sorted.last().day().plusDays(1), ZoneOffset.UTC))
            .only(UsageFilter.all().with(Dimension.PROVIDER, Match.is(provider)))
            .by(Dimension.MODEL, Dimension.RESPONSE_MODEL)
            .each(TimeBucket.DAY, ZoneOffset.UTC)
            .run();
    Map<Place, UsageTotals> recorded = new TreeMap<>();
    for (ReportRow row : report.rows()) {
      TimeRange bucket = row.bucket();
      if (bucket != null) {
        LocalDate day = LocalDate.ofInstant(bucket.from(), ZoneOffset.UTC);
        String model =
            report
                .value(row, Dimension.RESPONSE_MODEL)
                .or(() -> report.value(row, Dimension.MODEL))
                .orElse(null);
        recorded.merge(new Place(day, model), row.totals(), UsageTotals::plus);
        recorded.merge(new Place(day, null), row.totals(), UsageTotals::plus);
      }
    }
    return recorded;
  }

  private static void print(
      Sheet sheet, Place place, Sums counted, @Nullable UsageTotals recorded) {
    BigDecimal cost = recorded == null ? null : recorded.cost().toUsd();
    BigDecimal dollars = counted.dollars();
    sheet.row(
        place.day().toString(),
        place.model(),
        counted.calls(),
        recorded == null ? null : recorded.calls(),
        counted.input(),
        recorded == null ? null : recorded.tokens().input(),
        counted.output(),
        recorded == null ? null : recorded.tokens().output(),
        plain(dollars),
        plain(cost),
        plain(dollars == null ? null : cost == null ? dollars : dollars.subtract(cost)));
  }

  private static @Nullable BigDecimal plain(@Nullable BigDecimal dollars) {
    if (dollars == null) {
      return null;
    }
    BigDecimal stripped = dollars.stripTrailingZeros();
    return stripped.scale() < 2 ? stripped.setScale(2) : stripped;
  }
}
