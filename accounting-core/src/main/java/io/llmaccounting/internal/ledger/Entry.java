package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.TooOld;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageTooOldException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A record on its way into the ledger. Confined to one thread at a time. */
public final class Entry {
  private final Usage usage;
  private final boolean timeIsGiven;
  private final @Nullable RecordedUsage known;
  private List<Watch> watches = List.of();
  private @Nullable RecordedUsage stamped;

  /**
   * A record.
   *
   * @param timeIsGiven whether the caller said when the call was made; if not, a repetition may
   *     carry another time
   */
  public Entry(Usage usage, boolean timeIsGiven) {
    this.usage = usage;
    this.timeIsGiven = timeIsGiven;
    this.known = null;
  }

  /** A record of another store, to be stored exactly as it was known there. */
  public Entry(RecordedUsage known) {
    this.usage = known.usage();
    this.timeIsGiven = true;
    this.known = known;
  }

  /** The record. */
  public Usage usage() {
    return usage;
  }

  /** Its id, and its key within its project: no other entry of a batch may have them. */
  public void claims(Consumer<Object> claim) {
    claim.accept(usage.id());
    String key = usage.key();
    if (key != null) {
      List<@Nullable String> scoped = new ArrayList<>(2);
      scoped.add(usage.attribution().project());
      scoped.add(key);
      claim.accept(scoped);
    }
  }

  void match(LimitIndex limits) {
    watches = limits.watching(usage.model(), usage.provider(), usage.attribution());
  }

  List<Watch> watches() {
    return watches;
  }

  /** Stamps a record that was tracked without a hold; one of another store keeps its stamps. */
  RecordedUsage stamp(Instant now) {
    if (known != null) {
      return stamped(known);
    }
    Instant charged = usage.occurredAt().isBefore(now) ? usage.occurredAt() : now;
    return stamped(new RecordedUsage(usage, charged, now, false, null));
  }

  /** Stamps a record that settles a hold, or what was one before it was swept or given back. */
  RecordedUsage stamp(Instant now, @Nullable HoldRecord hold) {
    if (hold == null) {
      RecordedUsage plain = stamp(now);
      return stamped(new RecordedUsage(usage, plain.chargedAt(), now, true, null));
    }
    boolean late = !now.isBefore(hold.expiresAt());
    return stamped(new RecordedUsage(usage, hold.admittedAt(), now, late, null));
  }

  private RecordedUsage stamped(RecordedUsage record) {
    this.stamped = record;
    return record;
  }

  Booked book(Booking booking) {
    RecordedUsage record = stamped;
    if (record == null) {
      throw new IllegalStateException("booked before it was stamped");
    }
    if (booking.isFresh(usage.id())) {
      booking.charge(watches, record);
      return Booked.fresh(
          new Receipt(
              usage.id(),
              usage.cost().orElse(null),
              Receipt.Status.RECORDED,
              Admission.statuses(watches, booking::counter)));
    }
    TooOld old = booking.tooOld(usage.id());
    if (old != null) {
      return Booked.refused(
          new UsageTooOldException(usage, old.purged(), old.completeFrom(), old.sameContent()));
    }
    RecordedUsage twin = booking.twinOf(usage.id());
    boolean sameTime = !timeIsGiven || usage.occurredAt().equals(twin.usage().occurredAt());
    if (!sameTime || !usage.describesSameCallAs(twin.usage())) {
      return Booked.conflicting(new UsageConflictException(twin.usage(), usage), twin);
    }
    return Booked.repeated(
        new Receipt(
            twin.usage().id(), twin.cost().orElse(null), Receipt.Status.DUPLICATE, List.of()),
        twin);
  }
}
