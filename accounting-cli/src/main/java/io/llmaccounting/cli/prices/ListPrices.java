package io.llmaccounting.cli.prices;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.providers.prices.PriceRow;
import io.llmaccounting.providers.prices.TokenPrices;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the rows of all files of prices. */
@Command(
    name = "list",
    description = {
      "List the rows of prices, in US dollars for a million tokens.",
      "Tables leave out which names of models a row is for, and what sources disagree about; JSON"
          + " and CSV do not."
    },
    footer = {
      "llm-accounting prices list --model gpt-5-mini",
      "llm-accounting prices list --provider anthropic --format csv"
    })
final class ListPrices extends AccountingCommand {
  private static final List<Column> FEW =
      List.of(
          Column.id("id"),
          Column.decimal("input"),
          Column.decimal("output"),
          Column.decimal("cache_read").asSpare(),
          Column.decimal("cache_write_5m").titled("write 5m").asSpare(),
          Column.decimal("cache_write_1h").titled("write 1h").asSpare(),
          Column.text("project").asSpare(),
          Column.time("from").asSpare(),
          Column.time("until").asSpare(),
          Column.list("disputed").asSpare());

  private static final List<Column> ALL =
      List.of(
          Column.text("id"),
          Column.text("provider"),
          Column.list("models"),
          Column.text("project"),
          Column.time("from"),
          Column.time("until"),
          Column.decimal("input"),
          Column.decimal("output"),
          Column.decimal("cache_read"),
          Column.decimal("cache_write_5m"),
          Column.decimal("cache_write_1h"),
          Column.list("disputed"));

  @Option(names = "--provider", paramLabel = "NAME", description = "Only rows of this provider.")
  @Nullable String provider;

  @Option(
      names = "--model",
      paramLabel = "TEXT",
      description = "Only rows with a model whose name contains this.")
  @Nullable String model;

  @Option(names = "--disputed", description = "Only rows that sources disagree about.")
  boolean disputed;

  @Override
  protected int run(Run run) {
    boolean few = run.globals().format() == Format.TABLE;
    try (Sheet sheet = run.rows(few ? FEW : ALL)) {
      run.prices().rows().stream()
          .filter(this::isWanted)
          .forEach(row -> sheet.row(few ? few(row) : all(row)));
    }
    return Exit.DONE;
  }

  private boolean isWanted(PriceRow row) {
    String part = model == null ? "" : model.toLowerCase(Locale.ROOT);
    return (provider == null || provider.equals(row.provider()))
        && (!disputed || !row.disputed().isEmpty())
        && row.models().stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(part));
  }

  private static @Nullable Object[] few(PriceRow row) {
    TokenPrices prices = row.prices();
    return new @Nullable Object[] {
      row.id(),
      prices.input(),
      prices.output(),
      prices.cacheRead(),
      prices.cacheWrite5m(),
      prices.cacheWrite1h(),
      row.project(),
      row.from(),
      row.until(),
      row.disputed().stream().map(one -> one.replaceFirst(": .*", "")).toList()
    };
  }

  private static @Nullable Object[] all(PriceRow row) {
    TokenPrices prices = row.prices();
    return new @Nullable Object[] {
      row.id(),
      row.provider(),
      row.models(),
      row.project(),
      row.from(),
      row.until(),
      prices.input(),
      prices.output(),
      prices.cacheRead(),
      prices.cacheWrite5m(),
      prices.cacheWrite1h(),
      row.disputed()
    };
  }
}
