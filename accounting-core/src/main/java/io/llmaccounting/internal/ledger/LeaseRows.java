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
 * Leases as a transaction leaves them: many of its operations change the same. Confined to the
 * group commit's thread.
 */
final class LeaseRows {
  private final LedgerTransaction transaction;
  private final Map<UUID, HoldRecord> changed = new HashMap<>();

  LeaseRows(LedgerTransaction transaction) {
    this.transaction = transaction;
  }

  void clear() {
    changed.clear();
  }

  /** What is to be written. */
  Collection<HoldRecord> changed() {
    return changed.values();
  }

  /** The lease as it is now in this transaction, expired or not; null if it is gone. */
  @Nullable HoldRecord find(UUID lease) {
    HoldRecord row = changed.get(lease);
    return row == null ? transaction.hold(lease) : row;
  }

  /** The lease if it counts; null if it has expired or is gone. */
  @Nullable HoldRecord live(UUID lease) {
    HoldRecord row = find(lease);
    return row != null && transaction.now().isBefore(row.expiresAt()) ? row : null;
  }

  /** What a lease keeps; 0 where its limit was counted anew. */
  static long amount(HoldRecord row) {
    return row.amounts().isEmpty() ? 0 : row.amounts().get(0).amount();
  }

  /** Puts a lease in the place of what was there. */
  void put(HoldRecord row) {
    HoldRecord before = find(row.id());
    if (before != null) {
      transaction.giveBack(before);
    }
    transaction.take(row);
    changed.put(row.id(), row);
  }

  /** Leaves a lease as it is that this transaction has taken from the store. */
  void keep(HoldRecord row) {
    changed.putIfAbsent(row.id(), row);
  }

  /** Takes a lease out that this transaction has taken from the store. */
  void remove(HoldRecord row) {
    transaction.giveBack(row);
    changed.remove(row.id());
  }

  /** Lets a live lease keep so much more, or less. */
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
