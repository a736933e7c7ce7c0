package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.LimitIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Records calls that were made without a hold. */
public final class TrackOperation extends Operation<List<Booked>> {
  private final List<Entry> entries;

  /** Records these, of which no two share an id or key. */
  public TrackOperation(List<Entry> entries) {
    this.entries = List.copyOf(entries);
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
    entries.forEach(entry -> needs.counters(entry.watches()));
  }

  @Override
  void stamp(Booking booking) {
    entries.forEach(entry -> booking.store(entry.stamp(booking.now())));
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
  int weight() {
    return entries.size();
  }
}
