package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.usage.Saturated;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Leases as a transaction leaves them, because many of its operations change the same lease.
 * Confined to the group commit's thread.
 */
final class LeaseRows {
  private final LedgerTransaction transaction;
  private final Map<UUID, HoldRecord> changed = new HashMap<>();
  private final Map<UUID, Long> unsettled = new HashMap<>();

  LeaseRows(LedgerTransaction transaction) {
    this.transaction = transaction;
  }

  void clear() {
    changed.clear();
    unsettled.clear();
  }

  /** The leases that are to be written. */
  Collection<HoldRecord> changed() {
    return changed.values();
  }

  /** The lease as it is now in this transaction, expired or not; null if it is gone. */
  @Nullable HoldRecord find(UUID lease) {
    HoldRecord row = changed.get(lease);
    return row == null ? transaction.hold(lease) : row;
  }

  /** The lease if it is live; null if it has expired or is gone. */
  @Nullable HoldRecord live(UUID lease) {
    HoldRecord row = find(lease);
    return row != null && transaction.now().isBefore(row.expiresAt()) ? row : null;
  }

  /** The amount that a lease keeps; 0 where its limit was counted anew. */
  static long amount(HoldRecord row) {
    return row.amounts().isEmpty() ? 0 : row.amounts().get(0).amount();
  }

  /** Puts a lease in place of the one that was there. */
  void put(HoldRecord row) {
    HoldRecord before = find(row.id());
    if (before != null) {
      transaction.giveBack(before);
    }
    transaction.take(row);
    changed.put(row.id(), row);
  }

  /** Writes a lease back as it was, because this transaction has taken it out of the store. */
  void keep(HoldRecord row) {
    changed.putIfAbsent(row.id(), row);
  }

  /** Leaves out a lease that this transaction has taken out of the store. */
  void remove(HoldRecord row) {
    transaction.giveBack(row);
    changed.remove(row.id());
  }

  /** Lets a lease keep so much less once {@link #settle} is called: many calls are of one lease. */
  void giveBackLater(UUID lease, long amount) {
    unsettled.merge(lease, amount, Saturated::sum);
  }

  /** Gives back what was to be given back later. */
  void settle() {
    unsettled.forEach((lease, amount) -> add(lease, -amount));
    unsettled.clear();
  }

  /** Lets a live lease keep so much more, or less where {@code change} is negative. */
  void add(UUID lease, long change) {
    HoldRecord row = live(lease);
    if (row != null && change != 0 && !row.amounts().isEmpty()) {
      HoldRecord.Amount amount = row.amounts().get(0);
      long sum = Math.max(0, Saturated.sum(amount.amount(), change));
      put(
          row.holding(
              row.expected(),
              List.of(new HoldRecord.Amount(amount.counter(), sum, amount.leaves()))));
    }
  }
}
