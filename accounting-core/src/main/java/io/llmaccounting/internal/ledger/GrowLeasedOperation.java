package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.LeasedCall;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import java.util.List;
import java.util.function.Consumer;

/**
 * Raises what leases keep for a call that was let in from them, where what they have free does not
 * suffice.
 */
public final class GrowLeasedOperation extends Operation<Grown> {
  private final List<HoldRequest> wanted;
  private final LeasedCall call;
  private final OwnRoom own = new OwnRoom();
  private List<Watch> watches = List.of();
  private long[] more = new long[0];

  /**
   * Grows {@code call} to the first of {@code wanted} that there is room for.
   *
   * @param wanted at least one, all of the same call, from the most comfortable to what is needed
   */
  public GrowLeasedOperation(List<HoldRequest> wanted, LeasedCall call) {
    this.wanted = List.copyOf(wanted);
    this.call = call;
  }

  private HoldRequest least() {
    return wanted.get(wanted.size() - 1);
  }

  @Override
  void claims(Consumer<Object> claim) {
    claim.accept(call.id());
  }

  @Override
  void match(LimitIndex limits) {
    watches =
        limits.watching(
            least().call().model(), least().call().provider(), least().call().attribution());
  }

  @Override
  void need(Needs needs) {
    needs.counters(watches);
    call.shares().forEach(share -> needs.readHold(share.lease().id()));
    own.need(needs, watches);
  }

  @Override
  Grown decide(LedgerTransaction transaction) {
    own.begin(transaction);
    for (LeasedCall.Share share : call.shares()) {
      if (transaction.leases().live(share.lease().id()) == null) {
        throw HoldGone.ofLease(call.id());
      }
    }
    HoldRecord held = call.asHold();
    for (HoldRequest total : wanted) {
      Decision decision = decide(transaction, total, held);
      if (!decision.isAdmitted() && total.equals(least()) && own.giveBack(transaction)) {
        decision = decide(transaction, total, held);
      }
      if (decision instanceof Decision.Admitted admitted) {
        return new Grown(grow(transaction, held, total, admitted), total.expected());
      }
      if (total.equals(least())) {
        transaction.refused((Decision.Denied) decision);
        own.wish(transaction, watches, (Decision.Denied) decision);
        return new Grown(decision, null);
      }
    }
    throw new IllegalStateException("nothing was wanted for call " + call.id());
  }

  private Decision decide(LedgerTransaction transaction, HoldRequest total, HoldRecord held) {
    return Admission.decide(
        watches, transaction::counter, total.expected(), held, transaction.now());
  }

  private Decision grow(
      LedgerTransaction transaction,
      HoldRecord held,
      HoldRequest total,
      Decision.Admitted admitted) {
    List<LeasedCall.Share> shares = call.shares();
    more = new long[shares.size()];
    for (int i = 0; i < more.length; i++) {
      for (Watch watch : watches) {
        if (watch.counter().equals(shares.get(i).lease().counter())) {
          more[i] = Admission.more(watch, total.expected(), held);
        }
      }
      transaction.leases().add(shares.get(i).lease().id(), more[i]);
    }
    return new Decision.Admitted(
        Admission.statuses(watches, transaction::counter), admitted.warnings());
  }

  @Override
  void count(Grown booked, Meters meters) {
    own.over();
    if (booked.granted() != null) {
      call.grown(more, booked.granted());
    }
  }

  @Override
  void attemptFailed(boolean mayBeBooked) {
    own.attemptFailed(mayBeBooked);
  }

  @Override
  void abandoned() {
    own.over();
  }
}
