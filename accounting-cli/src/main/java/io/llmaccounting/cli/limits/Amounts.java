package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.usage.Cost;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amounts of whatever a limit measures. */
public final class Amounts {
  private static final int DECIMALS = 3;

  // a dimension without a value; values have their commas escaped
  private static final Pattern ABSENT =
      Pattern.compile(
          "(?<=^|(?<!\\\\),)(model|provider|project|user|caller|session|tag:[^=,\\\\]+)(?=,|$)");

  private Amounts() {}

  /** Money, tokens or a whole number, as {@code metric} counts; null for without end. */
  public static @Nullable Object of(Metric metric, long amount) {
    if (amount == Limit.UNLIMITED) {
      return null;
    }
    return switch (metric) {
      case COST -> Cost.ofNanos(amount);
      case WEIGHTED_TOKENS -> TokenWeights.tokens(amount);
      default -> amount;
    };
  }

  /** What is left, 0 where there is debt; null for without end. */
  public static @Nullable Object left(LimitStatus status) {
    return of(status.limit().metric(), Math.max(0, status.remaining().units()));
  }

  /** Whose counter it is, people seeing {@code user=-} for calls without a user; null for all. */
  public static @Nullable Shown subject(String subject) {
    return subject.isEmpty() ? null : Shown.as(subject, ABSENT.matcher(subject).replaceAll("$1=-"));
  }

  /** The limit's name, with whose counter it is where there are several. */
  public static String counter(LimitStatus status) {
    return status.subject().isEmpty()
        ? status.limit().name()
        : status.limit().name() + " [" + status.subject() + "]";
  }

  /** As {@link #parse} reads it: money in dollars, everything else as it is counted. */
  public static String text(Metric metric, long amount) {
    String text = metric.format(amount);
    return metric == Metric.COST ? text.substring(1) : text;
  }

  /**
   * Reads an amount of {@code metric}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static long parse(String option, Metric metric, String text) {
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
                  option,
                  weighted ? "number with at most three decimals" : "whole number",
                  Words.metric(metric),
                  text),
          e);
    }
  }
}
