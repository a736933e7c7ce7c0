package io.llmaccounting.internal.ledger;

import io.llmaccounting.OldUsage;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.usage.RecordedUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Records calls that were made without a hold. */
public final class TrackOperation extends Operation<List<Booked>> {
  private final List<Entry> entries;
  private final OldUsage old;

  /** Records these, of which no two share an id or key. */
  public TrackOperation(List<Entry> entries, OldUsage old) {
    this.entries = List.copyOf(entries);
    this.old = old;
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
    for (Entry entry : entries) {
      RecordedUsage stamped = entry.stamp(booking.now());
      if (old == OldUsage.COUNT) {
        booking.storeEvenIfOld(stamped);
      } else {
        booking.store(stamped);
      }
    }
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
