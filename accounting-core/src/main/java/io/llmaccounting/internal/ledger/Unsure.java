package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.usage.RecordedUsage;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records that were sent to the store without an answer, so that they may be there. The next
 * transactions look for them; a record that is found as it was sent is counted then, once. Confined
 * to the group commit's thread.
 */
final class Unsure {
  private static final int MOST = 10_000;
  private static final int MOST_AT_ONCE = 256;

  private final Map<UUID, RecordedUsage> records = new LinkedHashMap<>();
  private final Map<UUID, RecordedUsage> corrections = new LinkedHashMap<>();
  private final Set<UUID> asked = new HashSet<>();

  /** True if a transaction that ended so may have been committed. */
  static boolean mayBeBooked(Throwable error) {
    if (error instanceof BackendException known) {
      return known.isPassing() && known.kind() != BackendException.Kind.UNREACHABLE;
    }
    return !(error instanceof StaleLimitsException);
  }

  /** Remembers a transaction of which nobody knows whether it was committed. */
  void sent(LedgerTransaction transaction) {
    transaction.fresh().forEach(record -> remember(records, record));
    transaction.corrected().forEach(record -> remember(corrections, record));
  }

  private static void remember(Map<UUID, RecordedUsage> all, RecordedUsage record) {
    all.remove(record.usage().id());
    all.put(record.usage().id(), record);
    if (all.size() > MOST) {
      Iterator<UUID> eldest = all.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** True if the next transaction has something to look for. */
  boolean isAny() {
    return !records.isEmpty() || !corrections.isEmpty();
  }

  /** Has the next transaction look for some of the records that were sent. */
  void need(Needs needs) {
    asked.clear();
    records.keySet().stream().limit(MOST_AT_ONCE).forEach(asked::add);
    corrections.keySet().stream().limit(MOST_AT_ONCE).forEach(asked::add);
    asked.forEach(needs::readRecord);
  }

  /** True if this is a record that was sent, and not one of somebody else. */
  boolean isOurs(RecordedUsage found) {
    return isSame(records.get(found.usage().id()), found);
  }

  private boolean isOurCorrection(RecordedUsage found) {
    return found.equals(corrections.get(found.usage().id()));
  }

  /** True if this record was found as it was sent, whatever became known of it since. */
  static boolean isSame(@Nullable RecordedUsage sent, RecordedUsage found) {
    return sent != null
        && sent.usage().id().equals(found.usage().id())
        && sent.settledAt().equals(found.settledAt())
        && sent.chargedAt().equals(found.chargedAt());
  }

  /**
   * Counts the records that a committed transaction has found, and forgets those that it has not
   * found.
   */
  void answered(LedgerTransaction transaction, Meters meters) {
    for (UUID id : asked) {
      RecordedUsage found = transaction.isFresh(id) ? null : transaction.found(id);
      if (found != null && isOurs(found)) {
        PendingRecord.countStored(found, meters);
      }
      if (found != null && isOurCorrection(found)) {
        meters.count(Meters.Count.SUPERSEDED);
      }
      records.remove(id);
      corrections.remove(id);
    }
    asked.clear();
  }
}
