package io.llmaccounting.testkit;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.UsageTotals;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions about sums over calls. Confined to one thread. */
public final class TotalsAssert extends AbstractAssert<TotalsAssert, UsageTotals> {
  TotalsAssert(UsageTotals actual) {
    super(actual, TotalsAssert.class);
  }

  /** Asserts how many calls, whatever their outcome. */
  public TotalsAssert hasCalls(long calls) {
    return same("calls", actual.calls(), calls);
  }

  /** Exactly this sum of the known costs, in US dollars, for instance {@code "0.0379055"}. */
  public TotalsAssert hasCost(String dollars) {
    Assertions.assertThat(actual.cost()).as(name("cost")).isEqualTo(Cost.usd(dollars));
    return this;
  }

  /** Asserts how many input tokens, cached ones included. */
  public TotalsAssert hasInputTokens(long tokens) {
    return same("input tokens", actual.tokens().input(), tokens);
  }

  /** Asserts how many output tokens, reasoning included. */
  public TotalsAssert hasOutputTokens(long tokens) {
    return same("output tokens", actual.tokens().output(), tokens);
  }

  /** Asserts how many calls whose cost is unknown. */
  public TotalsAssert hasUnpriced(long calls) {
    return same("unpriced calls", actual.unpriced(), calls);
  }

  /** Asserts how many calls whose tokens are unknown. */
  public TotalsAssert hasMissing(long calls) {
    return same("calls without tokens", actual.missing(), calls);
  }

  /** Asserts how many failed calls. */
  public TotalsAssert hasFailed(long calls) {
    return same("failed calls", actual.failed(), calls);
  }

  /** No calls at all. */
  public TotalsAssert isEmpty() {
    Assertions.assertThat(actual).as(name("totals")).isEqualTo(UsageTotals.ZERO);
    return this;
  }

  private TotalsAssert same(String what, long found, long expected) {
    isNotNull();
    Assertions.assertThat(found).as(name(what)).isEqualTo(expected);
    return this;
  }

  private String name(String what) {
    return info.hasDescription() ? what + " of " + info.descriptionText() : what;
  }
}
