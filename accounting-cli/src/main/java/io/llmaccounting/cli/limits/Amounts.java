package io.llmaccounting.cli.limits;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.usage.Cost;
import org.jspecify.annotations.Nullable;

/** Amounts of whatever a limit measures. */
public final class Amounts {
  private Amounts() {}

  /** Money where {@code metric} is the cost, else a number; null for without end. */
  public static @Nullable Object of(Metric metric, long amount) {
    if (amount == Limit.UNLIMITED) {
      return null;
    }
    return metric == Metric.COST ? Cost.ofNanos(amount) : (Object) amount;
  }

  /** What is left, 0 where there is debt; null for without end. */
  public static @Nullable Object left(LimitStatus status) {
    return of(status.limit().metric(), Math.max(0, status.remaining().units()));
  }

  /** The limit's name, with whose counter it is where there are several. */
  public static String counter(LimitStatus status) {
    return status.subject().isEmpty()
        ? status.limit().name()
        : status.limit().name() + " [" + status.subject() + "]";
  }

  /**
   * Reads an amount of {@code metric}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static long parse(String option, Metric metric, String text) {
    if (metric == Metric.COST) {
      return Cost.usd(text.startsWith("$") ? text.substring(1) : text).nanos();
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          option + " must be a whole number for " + metric + ", was \"" + text + "\"", e);
    }
  }
}
