package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.Grant;
import io.llmaccounting.internal.lease.LeaseClock;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.lease.SliceSize;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.Counter;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.quota.WindowExit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Saturated;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a lease, renews it with more room or less, or gives it back. What it does is a difference
 * to what the ledger holds for the lease, so that it does not matter in which order it and the ends
 * of calls are booked. Its number keeps a repetition from doing it twice.
 */
public final class LeaseOperation extends Operation<LeaseOperation.Answer> {
  private final OwnLease lease;
  private final Balances balances;
  private final long sequence;
  private final LeaseClock.Moment firstSent;
  private LeaseClock.Moment sent;
  private boolean ends;
  private @Nullable StoredLimit stored;
  private long drained;
  private final AtomicBoolean isAnswered = new AtomicBoolean();

  /**
   * What became of the lease.
   *
   * @param grant what the ledger holds now; null where it holds nothing any more
   */
  public record Answer(@Nullable Grant grant) {}

  /** Asks for {@code lease}, or gives it back if it is ending. */
  public LeaseOperation(OwnLease lease, Balances balances) {
    this.lease = lease;
    this.balances = balances;
    this.sequence = lease.nextSequence();
    this.firstSent = balances.clock().now();
    this.sent = firstSent;
  }

  @Override
  void claims(Consumer<Object> claim) {
    claim.accept(lease.id());
  }

  @Override
  void match(LimitIndex limits) {
    stored = limits.byId(lease.counter().limitId());
    sent = balances.clock().now();
    ends = lease.isEnding();
  }

  @Override
  void need(Needs needs) {
    StoredLimit limit = stored;
    if (limit != null && !limit.limit().isExemption()) {
      needs.counter(lease.counter());
    }
    if (ends) {
      needs.takenHold(lease.id());
    } else if (sequence > 1 || wasAttempted()) {
      needs.readHold(lease.id());
    }
  }

  @Override
  Answer decide(LedgerTransaction transaction) {
    HoldRecord row = transaction.leases().find(lease.id());
    HoldRecord.Lease done = row == null ? null : row.lease();
    if (row != null && done != null && done.sequence() >= sequence) {
      return repeated(transaction, row, done);
    }
    boolean isTaken = row == null && sequence == 1 && !ends;
    if (row == null ? !isTaken : transaction.leases().live(lease.id()) == null) {
      return gone(transaction, row);
    }
    Counter counter = transaction.counterIfAny(lease.counter());
    StoredLimit limit = stored;
    if (counter == null || limit == null || (row != null && row.amounts().isEmpty())) {
      return gone(transaction, row);
    }
    return change(transaction, row, limit.limit(), counter);
  }

  // an earlier attempt was committed without our knowing: the answer is the same
  private Answer repeated(LedgerTransaction transaction, HoldRecord row, HoldRecord.Lease done) {
    if (ends) {
      transaction.leases().put(row);
    }
    StoredLimit limit = stored;
    if (limit == null || row.amounts().isEmpty()) {
      return new Answer(null);
    }
    // nobody knows which of several attempts was committed, but the first was sent before any of
    // them
    long added = done.sequence() == sequence ? done.granted() : 0;
    return new Answer(grant(transaction, row, limit.limit(), added, firstSent));
  }

  private Grant grant(
      LedgerTransaction transaction,
      HoldRecord row,
      Limit limit,
      long added,
      LeaseClock.Moment sentAt) {
    return new Grant(
        WindowExit.toMicros(row.admittedAt()),
        WindowExit.toMicros(row.expiresAt()),
        row.amounts().get(0).leaves(),
        added,
        sentAt,
        Admission.status(new Watch(limit, lease.counter()), transaction.counter(lease.counter())));
  }

  private Answer gone(LedgerTransaction transaction, @Nullable HoldRecord row) {
    if (row != null && ends) {
      transaction.leases().remove(row);
    }
    return new Answer(null);
  }

  private Answer change(
      LedgerTransaction transaction, @Nullable HoldRecord row, Limit limit, Counter counter) {
    long now = WindowExit.toMicros(transaction.now());
    boolean isWindowOver = row != null && row.amounts().get(0).leaves() <= now;
    long before = row == null ? 0 : LeaseRows.amount(row);
    long excess = row == null ? 0 : excess(transaction);
    long target = isWindowOver || ends ? 0 : target(limit, counter, excess, now);
    drained += lease.drain(lease.free() - target);
    long kept = Math.max(0, before - excess - drained);
    long room = room(limit, counter, before - kept);
    long granted = Math.max(0, Math.min(target - lease.free(), room));
    if (kept + granted == 0 && (ends || row == null)) {
      if (row != null) {
        transaction.leases().remove(row);
      }
      return new Answer(null);
    }
    long lives = term(limit).toNanos() / 1_000;
    HoldRecord changed =
        HoldRecord.ofLease(
            lease.id(),
            transaction.now(),
            WindowExit.toInstant(Math.addExact(now, lives)),
            new HoldRecord.Amount(
                lease.counter(),
                kept + granted,
                isWindowOver && row != null ? row.amounts().get(0).leaves() : counter.leaves(now)),
            new HoldRecord.Lease(sequence, granted));
    transaction.leases().put(changed);
    return new Answer(grant(transaction, changed, limit, granted, sent));
  }

  // the surplus that the ledger holds for the lease and nobody knows why; taken as the transaction
  // found it, because the lease does not know yet what else this transaction books
  private long excess(LedgerTransaction transaction) {
    HoldRecord found = transaction.hold(lease.id());
    return found == null ? 0 : Math.max(0, LeaseRows.amount(found) - lease.outstanding());
  }

  private long target(Limit limit, Counter counter, long excess, long now) {
    Duration term = limit.leaseTerm();
    boolean isWished =
        term != null && counter.wish() > 0 && now - counter.wish() < term.toNanos() / 1_000;
    if (term == null || isWished || limit.maximum() == 0) {
      return 0;
    }
    long own = lease.free() + excess;
    long room = room(limit, counter, own);
    int others = counter.leaseCount() + (sequence == 1 ? 1 : 0);
    return SliceSize.of(
        new SliceSize.Question(limit.maximum(), room, others, lease.wanted(), lease.typical()));
  }

  /** The amount that is neither used nor held, except by the lease {@code own}. */
  static long room(Limit limit, Counter counter, long own) {
    long unused = Saturated.sum(limit.maximum(), -counter.used());
    return Saturated.sum(Saturated.sum(unused, -counter.held()), own);
  }

  private static Duration term(Limit limit) {
    return Objects.requireNonNullElse(limit.leaseTerm(), Limit.DEFAULT_LEASE_TERM);
  }

  @Override
  void count(Answer booked, Meters meters) {
    Grant grant = booked.grant();
    lease.returned(drained);
    drained = 0;
    if (grant == null) {
      lease.lost();
    } else {
      lease.granted(grant);
    }
    answered(grant != null && grant.added() > 0);
  }

  @Override
  void abandoned() {
    lease.returned(drained);
    drained = 0;
    answered(false);
  }

  /** Notes that the operation did not get as far as the ledger. */
  public void refused() {
    answered(false);
  }

  private void answered(boolean hasAdded) {
    if (isAnswered.compareAndSet(false, true)) {
      balances.answered(lease, hasAdded);
    }
  }
}
