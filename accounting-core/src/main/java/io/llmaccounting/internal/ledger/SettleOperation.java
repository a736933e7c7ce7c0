package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.usage.RecordedUsage;
import java.util.function.Consumer;

/**
 * Books what a call consumed and gives its hold back, together. Never refused: what exceeds the
 * hold is booked in full.
 */
public final class SettleOperation extends Operation<Booked> {
  private final Entry entry;

  /** Settles the hold whose id is the record's. */
  public SettleOperation(Entry entry) {
    this.entry = entry;
  }

  @Override
  void claims(Consumer<Object> claim) {
    entry.claims(claim);
  }

  @Override
  void match(LimitIndex limits) {
    entry.match(limits);
  }

  @Override
  void need(Needs needs) {
    needs.counters(entry.watches());
    needs.takenHold(entry.usage().id());
  }

  @Override
  void stamp(Booking booking) {
    HoldRecord hold = booking.hold(entry.usage().id());
    RecordedUsage stamped = entry.stamp(booking.now(), hold);
    if (hold == null) {
      booking.store(stamped);
    } else {
      booking.storeEvenIfOld(stamped);
    }
  }

  @Override
  Booked decide(Booking booking) {
    HoldRecord hold = booking.hold(entry.usage().id());
    if (hold != null) {
      booking.giveBack(hold);
    }
    return entry.book(booking);
  }
}
