package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a call under way that asked for more room.
 *
 * @param decision admitted or denied; where several sizes were asked for, denied means that even
 *     the last was refused
 * @param granted what is held now, null where it was denied
 * @param refused the request that listeners are to be told of; null where it was admitted
 */
public record Grown(
    Decision decision, @Nullable Expectation granted, @Nullable CallRequest refused) {

  /** An answer of which no listener is to be told. */
  public Grown(Decision decision, @Nullable Expectation granted) {
    this(decision, granted, null);
  }

  /** Returns this answer with the request that listeners are told of if it was denied. */
  public Grown of(CallRequest wanted) {
    return decision.isAdmitted() ? this : new Grown(decision, granted, wanted);
  }
}
