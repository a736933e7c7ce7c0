package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.LeasedCall;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.Growth;
import io.llmaccounting.internal.quota.Watch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Raises what leases keep for a call that was let in from them, where the room that they have free
 * does not suffice.
 */
public final class GrowLeasedOperation extends GrowingOperation {
  private final LeasedCall call;
  private long[] more = new long[0];

  /**
   * Grows {@code call} to the first of {@code wanted} that there is room for.
   *
   * @param wanted at least one, all of the same call, from the most comfortable to what is needed
   */
  public GrowLeasedOperation(List<HoldRequest> wanted, LeasedCall call) {
    super(wanted);
    this.call = call;
  }

  @Override
  void needHolds(Needs needs) {
    call.shares().forEach(share -> needs.readHold(share.lease().id()));
  }

  @Override
  Growth growth(LedgerTransaction transaction) {
    for (LeasedCall.Share share : call.shares()) {
      if (transaction.leases().live(share.lease().id()) == null) {
        throw HoldGone.ofLease(call.id());
      }
    }
    return new Growth(call.asHold(), amount -> lease(transaction, amount));
  }

  private @Nullable HoldRecord lease(LedgerTransaction transaction, HoldRecord.Amount amount) {
    for (LeasedCall.Share share : call.shares()) {
      if (share.lease().counter().equals(amount.counter())) {
        return transaction.leases().live(share.lease().id());
      }
    }
    return null;
  }

  @Override
  void grow(LedgerTransaction transaction, HoldRecord held, HoldRequest total) {
    List<LeasedCall.Share> shares = call.shares();
    more = new long[shares.size()];
    for (int i = 0; i < more.length; i++) {
      for (Watch watch : watches()) {
        if (watch.counter().equals(shares.get(i).lease().counter())) {
          more[i] = Admission.more(watch, total.expected(), held);
        }
      }
      transaction.leases().add(shares.get(i).lease().id(), more[i]);
    }
  }

  @Override
  void count(Grown booked, Meters meters) {
    super.count(booked, meters);
    if (booked.granted() != null) {
      call.grown(more, booked.granted());
    }
  }
}
