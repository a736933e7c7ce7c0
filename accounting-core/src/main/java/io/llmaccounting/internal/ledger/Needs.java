package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.OwnFree;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.quota.Watch;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Collects what a batch needs. Confined to one thread. */
final class Needs {
  private final TreeSet<CounterKey> counters = new TreeSet<>();
  private final Set<UUID> holdsTaken = new HashSet<>();
  private final Set<UUID> holdsRead = new HashSet<>();
  private final Set<UUID> recordsRead = new HashSet<>();

  private final Balances balances;

  Needs(Balances balances) {
    this.balances = balances;
  }

  /** Leases of this process on these counters. */
  List<OwnLease> leasesOn(List<Watch> watches) {
    return balances.on(watches);
  }

  /** The room that leases of this process keep free on these counters. */
  List<OwnFree> freeOn(List<Watch> watches) {
    return balances.freeOn(watches);
  }

  void counter(CounterKey key) {
    counters.add(key);
  }

  void counters(List<Watch> watches) {
    for (Watch watch : watches) {
      counters.add(watch.counter());
    }
  }

  void takenHold(UUID id) {
    holdsTaken.add(id);
  }

  void readHold(UUID id) {
    holdsRead.add(id);
  }

  void readRecord(UUID id) {
    recordsRead.add(id);
  }

  LedgerBatch toBatch(long limitRevision, @Nullable Instant expiredFrom) {
    return new LedgerBatch(
        limitRevision, counters, holdsTaken, holdsRead, recordsRead, expiredFrom);
  }
}
