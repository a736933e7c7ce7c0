package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.recording.OldUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Records calls. One that settles a hold books what was consumed and gives the hold back, together;
 * it is never refused: what exceeds the hold is booked in full.
 */
public final class RecordOperation extends Operation<List<Booked>> {
  private final List<Entry> entries;
  private final OldUsage old;
  private final boolean outlasts;

  /**
   * Records these, of which no two share an id or key.
   *
   * @param old what becomes of calls behind the purge horizon
   * @param outlasts whether they wait, until their time is over, for a store that is away
   */
  public RecordOperation(List<Entry> entries, OldUsage old, boolean outlasts) {
    this.entries = List.copyOf(entries);
    this.old = old;
    this.outlasts = outlasts;
  }

  @Override
  void claims(Consumer<Object> claim) {
    entries.forEach(entry -> entry.claims(claim));
  }

  @Override
  void match(LimitIndex limits) {
    entries.forEach(entry -> entry.match(limits));
  }

  @Override
  void need(Needs needs) {
    entries.forEach(entry -> entry.need(needs));
  }

  @Override
  void stamp(Booking booking) {
    entries.forEach(entry -> entry.stamp(booking, old));
  }

  @Override
  List<Booked> decide(Booking booking) {
    List<Booked> booked = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      booked.add(entry.book(booking));
    }
    return booked;
  }

  @Override
  void count(List<Booked> booked, Meters meters) {
    for (int i = 0; i < entries.size(); i++) {
      entries.get(i).count(booked.get(i), meters);
    }
  }

  @Override
  int weight() {
    return entries.size();
  }

  @Override
  boolean outlastsOutages() {
    return outlasts;
  }
}
