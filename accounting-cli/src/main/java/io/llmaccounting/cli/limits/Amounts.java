package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.usage.Cost;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amounts of whatever a limit measures. */
public final class Amounts {
  // a dimension without a value; values have their commas escaped
  private static final Pattern ABSENT =
      Pattern.compile(
          "(?<=^|(?<!\\\\),)(model|provider|project|user|caller|session|tag:[^=,\\\\]+)(?=,|$)");

  private Amounts() {}

  /**
   * Converts an amount to money, tokens or a whole number, as {@code metric} counts; null where
   * nothing bounds it.
   */
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

  /** The amount that is left, 0 where there is debt; null where nothing bounds it. */
  public static @Nullable Object left(LimitStatus status) {
    return of(status.limit().metric(), Math.max(0, status.remaining().units()));
  }

  /**
   * The subject of a counter, shown to people as {@code user=-} for calls without a user; null
   * where all share one.
   */
  public static @Nullable Shown subject(String subject) {
    return subject.isEmpty() ? null : Shown.as(subject, ABSENT.matcher(subject).replaceAll("$1=-"));
  }

  /** The limit's name, with whose counter it is where there are several. */
  public static String counter(LimitStatus status) {
    return status.subject().isEmpty()
        ? status.limit().name()
        : status.limit().name() + " [" + status.subject() + "]";
  }
}
