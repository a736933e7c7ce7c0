package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.ledger.Combiner;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.LookUpOperation;
import io.llmaccounting.internal.ledger.ReleaseOperation;
import io.llmaccounting.internal.ledger.RenewOperation;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hold, known by its id. Safe for use by many threads. */
final class HoldHandle implements Hold {
  private static final Logger LOG = LoggerFactory.getLogger(HoldHandle.class);

  private final UUID id;
  private final @Nullable CallRequest call;
  private final Combiner combiner;
  private final Recorder recorder;
  private final Quotas quotas;
  private volatile @Nullable Expectation held;

  /** The hold that was taken for {@code taken}. */
  HoldHandle(HoldRequest taken, Combiner combiner, Recorder recorder, Quotas quotas) {
    this.id = taken.id();
    this.call = taken.call();
    this.held = taken.expected();
    this.combiner = combiner;
    this.recorder = recorder;
    this.quotas = quotas;
  }

  /** A hold of which nothing is known here but its id. */
  HoldHandle(UUID id, Combiner combiner, Recorder recorder, Quotas quotas) {
    this.id = id;
    this.call = null;
    this.combiner = combiner;
    this.recorder = recorder;
    this.quotas = quotas;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Grown grow(List<CallRequest> totals) {
    Grown grown = quotas.grow(quotas.growing(id, totals), held);
    if (grown.granted() != null) {
      held = grown.granted();
    }
    return grown;
  }

  @Override
  public Instant renew() {
    return renewing().get();
  }

  @Override
  public Supplier<Instant> renewing() {
    return combiner.begin(new RenewOperation(id));
  }

  @Override
  public Receipt settle(Usage actual, Given given) {
    try {
      return recorder.settle(recorder.withDefaults(actual), given, true);
    } finally {
      // also where the record is refused: the hold is given back all the same
      quotas.roomMayBeFree();
    }
  }

  @Override
  public Receipt settle(ModelAnswer answer) {
    Receipt receipt = Hold.super.settle(answer);
    quotas.unread(answer.unread());
    return receipt;
  }

  @Override
  public Optional<CallRequest> heldFor() {
    return call != null ? Optional.of(call) : combiner.book(new LookUpOperation(id));
  }

  @Override
  public void release() {
    try {
      combiner.book(new ReleaseOperation(id));
    } catch (BackendException e) {
      if (!Breaker.isOutage(e)) {
        throw e;
      }
      LOG.debug("hold {} is left to expire by itself: the store is away", id, e);
    }
    quotas.roomMayBeFree();
  }
}
