package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.outage.OutageAdmission;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A call that was let through while the store was away: the ledger holds nothing for it, and learns
 * of it when it ends. Safe for use by many threads.
 */
final class BlindHold implements Hold {
  private final Parts parts;
  private volatile Expectation held;

  /**
   * What it works with.
   *
   * @param taken what the call was let in for
   * @param mayBeHeld whether the ledger was asked, and may have taken a hold without telling
   */
  record Parts(
      HoldRequest taken,
      boolean mayBeHeld,
      OutageAdmission outage,
      Recorder recorder,
      Quotas quotas,
      CallSettings settings) {}

  BlindHold(Parts parts) {
    this.parts = parts;
    this.held = parts.taken().expected();
  }

  @Override
  public UUID id() {
    return parts.taken().id();
  }

  @Override
  public Grown grow(List<CallRequest> totals) {
    Grown grown =
        parts.quotas().growBlindly(parts.quotas().growing(parts.taken().id(), totals), held);
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
    Instant expires = parts.settings().now().plus(parts.taken().livesMicros(), ChronoUnit.MICROS);
    parts.outage().renewed(parts.taken().id(), expires);
    return () -> expires;
  }

  @Override
  public Receipt settle(Usage actual, Given given) {
    Recorder recorder = parts.recorder();
    return recorder.settle(recorder.withDefaults(actual), given, parts.mayBeHeld());
  }

  @Override
  public Receipt settle(ModelAnswer answer) {
    Receipt receipt = Hold.super.settle(answer);
    parts.quotas().unread(answer.unread());
    return receipt;
  }

  @Override
  public Optional<CallRequest> heldFor() {
    return Optional.of(parts.taken().call());
  }

  @Override
  public void release() {
    parts.outage().released(parts.taken().id());
    if (parts.mayBeHeld()) {
      parts.quotas().hold(parts.taken().id()).release();
    }
  }
}
