package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.SpreadLedger;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.recording.OldUsage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Records calls. One that settles a hold books what was consumed and gives the hold back, together;
 * it is never refused: what exceeds the hold is booked in full.
 */
public final class RecordOperation extends Operation<List<RecordOutcome>> {
  private final List<PendingRecord> records;
  private final OldUsage old;
  private final boolean outlasts;

  /**
   * Records these calls, of which no two share an id or key.
   *
   * @param old what becomes of calls behind the purge horizon
   * @param outlasts whether they wait, until their time is over, for a store that is away
   */
  public RecordOperation(List<PendingRecord> records, OldUsage old, boolean outlasts) {
    this.records = List.copyOf(records);
    this.old = old;
    this.outlasts = outlasts;
  }

  @Override
  void claims(Consumer<Object> claim) {
    records.forEach(pending -> pending.claims(claim));
  }

  @Override
  void match(LimitIndex limits) {
    records.forEach(pending -> pending.match(limits));
  }

  @Override
  void need(Needs needs) {
    records.forEach(pending -> pending.need(needs));
  }

  @Override
  int place(Places places) {
    int place = records.isEmpty() ? SpreadLedger.HOME : records.get(0).place(places);
    for (PendingRecord pending : records) {
      if (pending.place(places) != place) {
        return SpreadLedger.HOME;
      }
    }
    return place;
  }

  @Override
  void stamp(LedgerTransaction transaction) {
    records.forEach(pending -> pending.stamp(transaction, old));
  }

  @Override
  List<RecordOutcome> decide(LedgerTransaction transaction) {
    List<RecordOutcome> booked = new ArrayList<>(records.size());
    boolean alone = records.size() == 1;
    for (PendingRecord pending : records) {
      booked.add(pending.book(transaction, alone));
    }
    transaction.leases().settle();
    Set<OwnLease> looked = new HashSet<>();
    for (PendingRecord pending : records) {
      pending.lookForDebt(transaction, looked);
    }
    return booked;
  }

  @Override
  void count(List<RecordOutcome> booked, Meters meters) {
    for (int i = 0; i < records.size(); i++) {
      records.get(i).count(booked.get(i), meters);
    }
  }

  @Override
  int weight() {
    return records.size();
  }

  @Override
  boolean outlastsOutages() {
    return outlasts;
  }
}
