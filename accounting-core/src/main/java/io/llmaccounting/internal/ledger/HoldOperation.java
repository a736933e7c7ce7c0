package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.LimitIndex;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * An operation on one hold, for which it does not matter what limits watch the call.
 *
 * @param <R> the outcome
 */
abstract class HoldOperation<R> extends Operation<R> {
  final UUID id;

  HoldOperation(UUID id) {
    this.id = id;
  }

  @Override
  final void claims(Consumer<Object> claim) {
    claim.accept(id);
  }

  @Override
  final void match(LimitIndex limits) {}

  @Override
  void need(Needs needs) {
    needs.readHold(id);
  }
}
