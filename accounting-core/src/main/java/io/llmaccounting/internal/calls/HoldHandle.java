package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.Combiner;
import io.llmaccounting.internal.ledger.ReleaseOperation;
import io.llmaccounting.internal.ledger.RenewOperation;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.UUID;

/** A hold, known by its id. Safe for use by many threads. */
final class HoldHandle implements HeldCall {
  private final UUID id;
  private final Combiner combiner;
  private final Recorder recorder;
  private final Quotas quotas;

  HoldHandle(UUID id, Combiner combiner, Recorder recorder, Quotas quotas) {
    this.id = id;
    this.combiner = combiner;
    this.recorder = recorder;
    this.quotas = quotas;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Decision grow(CallRequest total) {
    return quotas.grow(quotas.holdRequest(id, quotas.completed(total)));
  }

  @Override
  public Instant renew() {
    return combiner.book(new RenewOperation(id));
  }

  @Override
  public Receipt settle(Usage actual) {
    if (!actual.id().equals(id)) {
      throw new IllegalArgumentException(
          "id of the settled record must be that of its hold, %s, was %s"
              .formatted(id, actual.id()));
    }
    Receipt receipt = recorder.settle(recorder.withDefaults(actual)).orThrow();
    quotas.roomMayBeFree();
    return receipt;
  }

  @Override
  public void release() {
    combiner.book(new ReleaseOperation(id));
    quotas.roomMayBeFree();
  }
}
