package io.llmaccounting.cli.reconcile;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Dollars;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Known;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.Plural;
import io.llmaccounting.usage.TokenUsage;
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
          Column.amount("unexplained_cost"),
          Column.number("recorded_missing").titled("missing").asSpare(),
          Column.number("recorded_unpriced").titled("unpriced").asSpare());

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
      throw new IllegalArgumentException("the files must contain usage or costs, contained none");
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
    print(run, found, counted, places);
    return Exit.DONE;
  }

  private static void print(Run run, Recorded found, Map<Place, Sums> counted, Set<Place> places) {
    Map<Place, UsageTotals> recorded = found.sums();
    boolean forPeople = run.globals().format() == Format.TABLE;
    try (Sheet sheet = run.rows(COLUMNS)) {
      places.forEach(
          place ->
              sheet.row(
                  row(
                      place,
                      counted.getOrDefault(place, Sums.NONE),
                      recorded.get(place),
                      forPeople)));
    }
    if (forPeople) {
      Known.legend(found.total()).ifPresent(run::note);
    }
    tell(run, found);
  }

  private static @Nullable Object[] row(
      Place place, Sums counted, @Nullable UsageTotals recorded, boolean forPeople) {
    BigDecimal dollars = counted.dollars();
    return new @Nullable Object[] {
      place.day().toString(),
      place.model(),
      counted.calls(),
      recorded == null ? null : recorded.calls(),
      counted.input(),
      recorded == null ? null : Known.tokens(recorded, TokenUsage::input),
      counted.output(),
      recorded == null ? null : Known.tokens(recorded, TokenUsage::output),
      money(dollars),
      recorded == null ? null : Known.cost(recorded),
      money(dollars == null || recorded == null ? dollars : unexplained(dollars, recorded)),
      recorded == null ? null : doubt(recorded.missing(), forPeople),
      recorded == null ? null : doubt(recorded.unpriced(), forPeople)
    };
  }

  private static BigDecimal unexplained(BigDecimal dollars, UsageTotals recorded) {
    return dollars.subtract(recorded.cost().toUsd());
  }

  // People need no column of zeros.
  private static @Nullable Object doubt(long calls, boolean forPeople) {
    return calls == 0 && forPeople ? null : Long.valueOf(calls);
  }

  private static void tell(Run run, Recorded recorded) {
    if (recorded.unnamed() > 0) {
      run.note(
          "%s recorded without a provider %s counted in, by model"
              .formatted(
                  Plural.of(recorded.unnamed(), "call"), recorded.unnamed() == 1 ? "is" : "are"));
    }
    if (recorded.leftOut() > 0) {
      run.note(
          "%s recorded without a provider %s left out: the files do not name the model"
              .formatted(
                  Plural.of(recorded.leftOut(), "call"), recorded.leftOut() == 1 ? "is" : "are"));
    }
  }

  private static @Nullable Dollars money(@Nullable BigDecimal dollars) {
    return dollars == null ? null : new Dollars(dollars);
  }
}
