package io.llmaccounting.cli.reconcile;

import io.llmaccounting.json.JsonFields;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a time bucket of Anthropic's usage and cost reports. */
final class AnthropicReport {
  private static final int NANO = 9;
  private static final int CENTS = 2;

  private AnthropicReport() {}

  /** Whether {@code bucket} is one; those of OpenAI start at a number of seconds. */
  static boolean isBucket(JsonFields bucket) {
    return bucket.has("starting_at");
  }

  /** What was counted, by day and model. */
  static Map<Place, Sums> sums(JsonFields bucket) {
    LocalDate day = LocalDate.ofInstant(bucket.instant("starting_at"), ZoneOffset.UTC);
    Map<Place, Sums> sums = new TreeMap<>();
    for (JsonFields result : bucket.objects("results")) {
      boolean cost = result.has("amount");
      sums.merge(new Place(day, model(result)), cost ? cost(result) : usage(result), Sums::plus);
    }
    return sums;
  }

  /** What has a cost and no model, as a search, keeps its description. */
  private static @Nullable String model(JsonFields result) {
    String model = result.optionalText("model");
    return model == null ? result.optionalText("description") : model;
  }

  private static Sums usage(JsonFields result) {
    JsonFields written = result.optionalObject("cache_creation");
    Long input = sum(result.optionalNumber("uncached_input_tokens"), null);
    input = sum(input, result.optionalNumber("cache_read_input_tokens"));
    if (written != null) {
      input = sum(input, written.optionalNumber("ephemeral_5m_input_tokens"));
      input = sum(input, written.optionalNumber("ephemeral_1h_input_tokens"));
    }
    return new Sums(null, input, result.optionalNumber("output_tokens"), null);
  }

  private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
    return one == null ? other : other == null ? one : Long.valueOf(Math.addExact(one, other));
  }

  /** Amounts are in cents, with decimals. */
  private static Sums cost(JsonFields result) {
    String currency = result.optionalText("currency");
    if (currency != null && !currency.equalsIgnoreCase("usd")) {
      throw new IllegalArgumentException("amounts must be in usd, were in " + currency);
    }
    BigDecimal cents = result.optionalDecimal("amount");
    return new Sums(
        null,
        null,
        null,
        cents == null ? null : cents.movePointLeft(CENTS).setScale(NANO, RoundingMode.HALF_EVEN));
  }
}
