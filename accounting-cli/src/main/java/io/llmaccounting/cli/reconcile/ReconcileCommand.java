package io.llmaccounting.cli.reconcile;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Dollars;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.UsageTotals;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
      "Files are pages of the usage and costs interfaces of OpenAI or Anthropic as they came, or"
          + " the CSV of OpenAI's dashboard. They have sums of many calls, which is why nothing is"
          + " recorded of them.",
      "Days are those of UTC. Without a model a row is of the whole day. What was recorded is empty"
          + " where a line names no model that was.",
      "A dated name, as gpt-5-mini-2025-08-07, also means calls that are recorded under the undated"
          + " one, where the files have one date of it only. Calls without a provider are counted"
          + " in where the files name their model; how many they are is said."
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
          Column.amount("cost"),
          Column.amount("recorded_cost"),
          Column.amount("unexplained_cost"));

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files.")
  List<String> files = List.of();

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "Whose calls to compare them with. Default: those of the files' own provider.")
  @Nullable String provider;

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
    String whose = provider == null ? export.provider() : provider;
    Recorded found = Recorded.of(run.accounting(), whose, counted.keySet());
    Map<Place, UsageTotals> recorded = found.sums();
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
    tell(run, found);
    return Exit.DONE;
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
        money(dollars),
        money(cost),
        money(dollars == null ? null : cost == null ? dollars : dollars.subtract(cost)));
  }

  private static void tell(Run run, Recorded recorded) {
    if (recorded.unnamed() > 0) {
      run.note(
          "%d calls that were recorded without a provider are counted in by the names of their models"
              .formatted(recorded.unnamed()));
    }
    if (recorded.leftOut() > 0) {
      run.note(
          "%d calls that were recorded without a provider are left out: the files do not name their models"
              .formatted(recorded.leftOut()));
    }
  }

  private static @Nullable Dollars money(@Nullable BigDecimal dollars) {
    return dollars == null ? null : new Dollars(dollars);
  }
}
