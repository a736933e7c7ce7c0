package io.llmaccounting.cli.reconcile;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a provider counted, added up; null where its files do not tell.
 *
 * @param calls requests
 * @param input tokens of input
 * @param output tokens of output
 * @param dollars what it charges
 */
record Sums(
    @Nullable Long calls,
    @Nullable Long input,
    @Nullable Long output,
    @Nullable BigDecimal dollars) {
  static final Sums NONE = new Sums(null, null, null, null);

  Sums plus(Sums other) {
    return new Sums(
        sum(calls, other.calls),
        sum(input, other.input),
        sum(output, other.output),
        dollars == null
            ? other.dollars
            : other.dollars == null ? dollars : dollars.add(other.dollars));
  }

  private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Math.addExact(one, other);
  }

  /** True if usage is told, not only money. */
  boolean hasUsage() {
    return calls != null || input != null || output != null;
  }
}
