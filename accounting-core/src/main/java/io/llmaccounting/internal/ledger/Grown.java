package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What became of the wish for more room.
 *
 * @param decision admitted or denied; where several sizes were asked for, denied means even the
 *     last
 * @param granted what is held now, null where it was denied
 * @param refused what was asked for, of which others are to be told; null where it was admitted
 */
public record Grown(
    Decision decision, @Nullable Expectation granted, @Nullable CallRequest refused) {

  /** Of a wish of which nobody is to be told. */
  public Grown(Decision decision, @Nullable Expectation granted) {
    this(decision, granted, null);
  }

  /** The same, of which others are to be told if it was denied. */
  public Grown of(CallRequest wanted) {
    return decision.isAdmitted() ? this : new Grown(decision, granted, wanted);
  }
}
