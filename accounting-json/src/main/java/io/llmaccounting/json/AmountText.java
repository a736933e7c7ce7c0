package io.llmaccounting.json;

import io.llmaccounting.limit.Metric;
import io.llmaccounting.usage.Cost;
import java.math.BigDecimal;

/** Amounts of whatever a limit measures, as texts: dollars, tokens or whole numbers. */
public final class AmountText {
  private static final int DECIMALS = 3;

  private AmountText() {}

  /**
   * Writes an amount as {@link #parse} reads it: money in dollars, everything else as it is
   * counted.
   */
  public static String of(Metric metric, long amount) {
    String text = metric.format(amount);
    return metric == Metric.COST ? text.substring(1) : text;
  }

  /**
   * Reads an amount of {@code metric}.
   *
   * @param field the name of the field, for the message
   * @throws IllegalArgumentException if the text is no amount
   */
  public static long parse(String field, Metric metric, String text) {
    if (metric == Metric.COST) {
      return Cost.usd(text.startsWith("$") ? text.substring(1) : text).nanos();
    }
    boolean weighted = metric == Metric.WEIGHTED_TOKENS;
    try {
      return weighted
          ? new BigDecimal(text).movePointRight(DECIMALS).longValueExact()
          : Long.parseLong(text);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s must be a %s for %s, was \"%s\""
              .formatted(
                  field,
                  weighted ? "number with at most three decimals" : "whole number",
                  JsonWriter.word(metric),
                  text),
          e);
    }
  }
}
