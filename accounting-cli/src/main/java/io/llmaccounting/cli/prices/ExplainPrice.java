package io.llmaccounting.cli.prices;

import io.llmaccounting.cli.calls.MissingPrice;
import io.llmaccounting.cli.calls.TokenOptions;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.command.Times;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.providers.prices.PriceExplanation;
import io.llmaccounting.providers.prices.PriceRow;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what a call costs, and why. */
@Command(
    name = "explain",
    description = "Say what a call costs and why. Ends with 1 where that is not known.",
    footer =
        "llm-accounting prices explain --model gpt-5-mini --input-tokens 1000 --output-tokens 200")
final class ExplainPrice extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.amount("cost"),
          Column.text("row"),
          Column.list("reasons"),
          Column.flag("lower_bound"));

  @Option(names = "--model", required = true, paramLabel = "MODEL", description = "The model.")
  String model = "";

  @Option(names = "--provider", paramLabel = "NAME", description = "The provider.")
  @Nullable String provider;

  @Mixin TokenOptions tokens = new TokenOptions();

  @Option(names = "--at", paramLabel = "TIME", description = "When it was made. Default: now.")
  @Nullable String at;

  @Option(names = "--service-tier", paramLabel = "NAME", description = "The service tier.")
  @Nullable String serviceTier;

  @Option(names = "--batch", description = "Whether it went through a batch.")
  boolean batch;

  @Option(names = "--region", paramLabel = "NAME", description = "The region.")
  @Nullable String region;

  @Option(
      names = "--speed",
      paramLabel = "NAME",
      description = "The speed that it was served at, for instance fast.")
  @Nullable String speed;

  @Option(
      names = "--extra",
      paramLabel = "NAME=COUNT",
      description = "What is billed apart, for instance web_search=3. May be repeated.")
  Map<String, Long> extras = new TreeMap<>();

  @Option(names = "--project", paramLabel = "NAME", description = "The project, for its contract.")
  @Nullable String project;

  @Override
  protected int run(Run run) {
    TokenUsage given = tokens.tokens();
    if (given == null) {
      throw new IllegalArgumentException(
          "--input-tokens or --output-tokens is required, neither was given");
    }
    Instant when =
        at == null
            ? run.console().clock().instant()
            : Times.parse("--at", at, run.globals().zone());
    PriceExplanation explanation = run.prices().explain(call(when, given));
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(
          explanation.price().map(PricedCost::cost).orElse(null),
          explanation.row().map(PriceRow::id).orElse(null),
          explanation.reasons(),
          explanation.price().map(PricedCost::lowerBound).orElse(null));
    }
    if (explanation.price().isPresent()) {
      return Exit.DONE;
    }
    if (explanation.row().isEmpty()) {
      run.note(MissingPrice.ofQuestion(run, model, provider));
    }
    return Exit.FAILED;
  }

  private PricedCall call(Instant when, TokenUsage given) {
    return new PricedCall(
        when,
        provider,
        model,
        null,
        given,
        extras,
        List.of(),
        serviceTier,
        speed,
        batch,
        region,
        project);
  }
}
