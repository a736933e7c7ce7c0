package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.Growth;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for room on the limits that watch a call. What leases of this process keep free there is
 * given back before the call is denied, and belongs to them again if nothing comes of it.
 *
 * @param <R> the outcome
 */
abstract class RoomOperation<R> extends Operation<R> {
  private final HoldRequest least;
  private final OwnRoom own = new OwnRoom();
  private List<Watch> watches = List.of();

  /**
   * Asks for room.
   *
   * @param least without which the call is denied
   */
  RoomOperation(HoldRequest least) {
    this.least = least;
  }

  /** The limits that watch the call. */
  final List<Watch> watches() {
    return watches;
  }

  final UUID id() {
    return least.id();
  }

  @Override
  final void claims(Consumer<Object> claim) {
    claim.accept(id());
  }

  @Override
  final void match(LimitIndex limits) {
    watches =
        limits.watching(least.call().model(), least.call().provider(), least.call().attribution());
  }

  @Override
  final void need(Needs needs) {
    needs.counters(watches);
    own.need(needs, watches);
    needHolds(needs);
  }

  /** Says which holds it needs beside what leases keep. */
  abstract void needHolds(Needs needs);

  @Override
  final R decide(LedgerTransaction transaction) {
    own.begin(transaction);
    return ask(transaction);
  }

  /** Books it; called again from the start when the transaction is repeated. */
  abstract R ask(LedgerTransaction transaction);

  /**
   * Whether there is room for {@code total} as it stands, for a new call, or for one that grows.
   */
  final Decision decide(LedgerTransaction transaction, HoldRequest total, @Nullable Growth growth) {
    return Admission.decide(
        watches, transaction::counter, total.expected(), growth, transaction.now());
  }

  /** Whether there is room for the least, made if need be; a denial is noted for others to see. */
  final Decision decideLeast(LedgerTransaction transaction, @Nullable Growth growth) {
    Decision decision = decide(transaction, least, growth);
    if (!decision.isAdmitted() && own.giveBack(transaction)) {
      decision = decide(transaction, least, growth);
    }
    if (decision instanceof Decision.Denied denied) {
      transaction.refused(denied);
      own.wish(transaction, watches, denied);
    }
    return decision;
  }

  /** Admitted, with the limits as they stand now. */
  final Decision.Admitted admitted(LedgerTransaction transaction, Decision.Admitted admitted) {
    return new Decision.Admitted(
        Admission.statuses(watches, transaction::counter), admitted.warnings());
  }

  @Override
  void count(R booked, Meters meters) {
    own.over();
  }

  @Override
  final void attemptFailed(boolean mayBeBooked) {
    own.attemptFailed(mayBeBooked);
  }

  @Override
  final void abandoned() {
    own.over();
  }
}
