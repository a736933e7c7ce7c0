package io.llmaccounting.limit;

import java.util.Objects;

/**
 * An amount of what a limit measures; below zero it is debt.
 *
 * @param metric what is measured
 * @param units in units of the metric; {@link Limit#UNLIMITED} where nothing bounds it
 */
public record Amount(Metric metric, long units) implements Comparable<Amount> {
  /** Checks that the metric is there. */
  public Amount {
    Objects.requireNonNull(metric, "metric is required, was null");
  }

  /** True if nothing bounds it. */
  public boolean isUnlimited() {
    return units == Limit.UNLIMITED;
  }

  /** True if it is below zero: more was used than was allowed. */
  public boolean isDebt() {
    return units < 0;
  }

  /**
   * Compares the units.
   *
   * @throws IllegalArgumentException if the other is an amount of something else
   */
  @Override
  public int compareTo(Amount other) {
    if (metric != other.metric) {
      throw new IllegalArgumentException(
          "metric must be %s to be compared, was %s".formatted(metric, other.metric));
    }
    return Long.compare(units, other.units);
  }

  /** For instance {@code $1.25}, {@code -$0.40}, {@code 12 requests} or {@code unlimited}. */
  @Override
  public String toString() {
    return isUnlimited() ? "unlimited" : metric.format(units) + unit();
  }

  private String unit() {
    boolean one = units == 1 || units == -1;
    return switch (metric) {
      case REQUESTS -> one ? " request" : " requests";
      case INPUT_TOKENS -> one ? " input token" : " input tokens";
      case UNCACHED_INPUT_TOKENS -> one ? " uncached input token" : " uncached input tokens";
      case OUTPUT_TOKENS -> one ? " output token" : " output tokens";
      case TOTAL_TOKENS -> one ? " token" : " tokens";
      case WEIGHTED_TOKENS ->
          Math.abs(units) == TokenWeights.THOUSANDTHS ? " weighted token" : " weighted tokens";
      case COST -> "";
      case CONCURRENT -> one ? " call under way" : " calls under way";
    };
  }
}
