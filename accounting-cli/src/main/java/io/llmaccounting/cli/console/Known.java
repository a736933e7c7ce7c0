package io.llmaccounting.cli.console;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageTotals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Shows what is known of sums over calls. A sum of nothing but unknown values is unknown, and one
 * that lacks some values is the least that it can be: programs get no value for the first, and for
 * the second the sum, beside the number of calls that it lacks.
 */
public final class Known {
  /** The mark before a sum that lacks unknown values. */
  public static final String AT_LEAST = ">= ";

  private static final Shown NOTHING = Shown.as(null, "-");

  private Known() {}

  /** A number of tokens that providers or callers told; a call that was cut off told a part. */
  public static Object tokens(UsageTotals totals, ToLongFunction<TokenUsage> part) {
    long sum = part.applyAsLong(totals.tokens());
    return totals.partial() == 0
        ? sum(sum, totals.callsWithTokens(), totals.calls())
        : atLeast(sum);
  }

  /** A number of tokens that only callers with a tokenizer of their own told. */
  public static Object local(UsageTotals totals, UsageTotals.Sum sum) {
    return sum(sum.sum(), sum.count(), totals.calls());
  }

  private static Object sum(long sum, long known, long calls) {
    if (known == calls) {
      return sum;
    }
    return known == 0 ? NOTHING : atLeast(sum);
  }

  private static Shown atLeast(long sum) {
    return Shown.as(sum, AT_LEAST + Legible.number(sum));
  }

  /** What the calls cost. */
  public static Object cost(UsageTotals totals) {
    return totals.lowerBound() == 0 || totals.pricedCalls() == 0
        ? cost(totals.cost(), totals.pricedCalls(), totals.calls())
        : atLeast(totals.cost());
  }

  /** What {@code calls} cost, of which so many have a known cost that is in the sum. */
  public static Object cost(Cost sum, long known, long calls) {
    if (known == calls) {
      return sum;
    }
    return known == 0 ? NOTHING : atLeast(sum);
  }

  private static Shown atLeast(Cost sum) {
    return Shown.as(sum, AT_LEAST + Legible.cost(sum));
  }

  /** Says what the marks of these sums mean; empty where they have none. */
  public static Optional<String> legend(UsageTotals totals) {
    List<String> lacks = new ArrayList<>();
    lack(lacks, totals.missing(), "with unknown tokens");
    lack(lacks, totals.partial(), "cut off");
    lack(lacks, totals.unpriced(), "of unknown cost");
    lack(lacks, totals.lowerBound(), "with a part that has no price");
    return lacks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%sat least, - not known: of %s, %s"
                .formatted(
                    AT_LEAST, Legible.count(totals.calls(), "call"), String.join(", ", lacks)));
  }

  private static void lack(List<String> lacks, long calls, String what) {
    if (calls > 0) {
      lacks.add(Legible.number(calls) + " " + what);
    }
  }
}
