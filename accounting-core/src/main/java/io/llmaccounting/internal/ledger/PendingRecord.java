package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.backend.SpreadLedger;
import io.llmaccounting.backend.TooOld;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.LeasedCall;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.quota.WindowExit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageTooOldException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A record on its way into the ledger. Confined to one thread at a time. */
public final class PendingRecord {
  private final Usage usage;
  private final Given given;
  private final boolean settlesHold;
  private final boolean chargedNow;
  private final @Nullable UsageHistory known;
  private final @Nullable LeasedCall leased;
  private List<Watch> watches = List.of();
  private List<OwnLease> spent = List.of();
  private List<OwnLease> overdrawn = List.of();
  private @Nullable RecordedUsage stamped;
  // set by attempts whose answer was lost: a record that they booked is counted as what it was sent
  // as
  private @Nullable RecordedUsage sent;
  private @Nullable RecordedUsage corrected;
  private boolean bookedBefore;
  private boolean tellsLimits;

  /**
   * A record that is about to be booked.
   *
   * @param given which of its times the caller stated
   * @param settlesHold whether it settles the hold that has the record's id
   */
  public PendingRecord(Usage usage, Given given, boolean settlesHold) {
    // the caller's clock may be behind, but a call that was begun keeps the time at which it began
    this(usage, given, settlesHold, !given.occurredAt() && !settlesHold, null);
  }

  private PendingRecord(
      Usage usage,
      Given given,
      boolean settlesHold,
      boolean chargedNow,
      @Nullable LeasedCall leased) {
    this.usage = usage;
    this.given = given;
    this.settlesHold = settlesHold;
    this.chargedNow = chargedNow;
    this.leased = leased;
    this.known = null;
  }

  /** The record of a call that was let in from leases, with what gives back what it expected. */
  public static PendingRecord of(LeasedCall call, Usage usage, Given given) {
    call.end();
    return new PendingRecord(usage, given, true, false, call);
  }

  /** A record of another store, to be stored exactly as it was known there. */
  public PendingRecord(UsageHistory known) {
    this.usage = known.record().usage();
    this.given = Given.ALL;
    this.settlesHold = false;
    this.chargedNow = false;
    this.leased = null;
    this.known = known;
  }

  /** A record that waited in a spool: it counts from when it was recorded, not from now. */
  public static PendingRecord of(SpooledCall call) {
    return of(call, null);
  }

  /**
   * A record that waited in a spool, and where {@code leased} is given, of a call that this process
   * let in from leases.
   */
  public static PendingRecord of(SpooledCall call, @Nullable LeasedCall leased) {
    // a spool does not keep who measured the durations of a held call: nearly always the library
    // did
    Given given =
        call.settlesHold() ? Given.NOTHING : call.timeIsGiven() ? Given.ALL : Given.DURATIONS;
    return new PendingRecord(call.usage(), given, call.settlesHold(), false, leased);
  }

  /** What the caller is handed before the ledger has seen the record. */
  public Receipt receipt(Receipt.Status status) {
    return new Receipt(usage.id(), usage.cost().orElse(null), status, List.of());
  }

  /** Makes an entry of a spool, recorded at {@code now}. */
  public SpooledCall spooled(Instant now) {
    return new SpooledCall(usage, settlesHold, given.occurredAt(), now);
  }

  /** The record. */
  public Usage usage() {
    return usage;
  }

  /** True if it is of a call that this process has let in from leases. */
  public boolean isLeased() {
    return leased != null;
  }

  /** True if it settles the hold that has the record's id. */
  public boolean settlesHold() {
    return settlesHold;
  }

  /**
   * Claims the record's id, and its key within its project: no other entry of a batch may have
   * them.
   */
  public void claims(Consumer<Object> claim) {
    claim.accept(usage.id());
    claimKey(usage.attribution().project(), usage.key(), claim);
  }

  static void claimKey(@Nullable String project, @Nullable String key, Consumer<Object> claim) {
    if (key != null) {
      List<@Nullable String> scoped = new ArrayList<>(2);
      scoped.add(project);
      scoped.add(key);
      claim.accept(scoped);
    }
  }

  void match(LimitIndex limits) {
    watches = limits.watching(usage.model(), usage.provider(), usage.attribution());
  }

  void need(Needs needs) {
    needs.counters(watches);
    spent = needs.leasesOn(watches);
    if (leased != null) {
      leased.shares().forEach(share -> needs.readHold(share.lease().id()));
    } else if (settlesHold) {
      needs.takenHold(usage.id());
    }
  }

  // holds, leases and counters are at home
  int place(Places places) {
    return settlesHold || !watches.isEmpty()
        ? SpreadLedger.HOME
        : places.of(usage.attribution().project());
  }

  void stamp(LedgerTransaction transaction, OldUsage old) {
    RecordedUsage record = stamp(transaction);
    // a call that was let in is booked however old it is
    boolean held = leased != null || (settlesHold && transaction.hold(usage.id()) != null);
    if (held || old == OldUsage.COUNT) {
      transaction.storeEvenIfOld(record);
    } else {
      transaction.store(record);
    }
  }

  private RecordedUsage stamp(LedgerTransaction transaction) {
    if (known != null) {
      transaction.know(known);
      return stamped(known.record());
    }
    Instant now = transaction.now();
    if (leased != null) {
      return stamped(stampLeased(leased, transaction));
    }
    HoldRecord hold = settlesHold ? transaction.hold(usage.id()) : null;
    if (hold != null) {
      boolean late = !now.isBefore(hold.expiresAt());
      return stamped(new RecordedUsage(usage, hold.admittedAt(), now, late, null));
    }
    // the hold that should be there is gone: it expired or was given back before
    boolean past = !chargedNow && usage.occurredAt().isBefore(now);
    Instant charged = past ? usage.occurredAt() : now;
    return stamped(new RecordedUsage(usage, charged, now, settlesHold, null));
  }

  private RecordedUsage stampLeased(LeasedCall call, LedgerTransaction transaction) {
    Instant now = transaction.now();
    Instant admitted = WindowExit.toInstant(call.admitted());
    boolean late = call.isOver();
    for (LeasedCall.Share share : call.shares()) {
      late |= transaction.leases().live(share.lease().id()) == null;
    }
    return new RecordedUsage(usage, admitted.isBefore(now) ? admitted : now, now, late, null);
  }

  private RecordedUsage stamped(RecordedUsage record) {
    this.stamped = record;
    return record;
  }

  /**
   * Finds leases whose limit is in debt now.
   *
   * @param looked those that were looked at for other records of the same operation
   */
  void lookForDebt(LedgerTransaction transaction, Set<OwnLease> looked) {
    overdrawn =
        spent.stream()
            .filter(looked::add)
            .filter(lease -> isOverdrawn(lease, transaction))
            .toList();
  }

  // a limit in debt admits nothing, and so the free room of a slice of it is not to be spent
  private boolean isOverdrawn(OwnLease lease, LedgerTransaction transaction) {
    return watches.stream()
        .filter(watch -> watch.counter().equals(lease.counter()))
        .anyMatch(
            watch ->
                LeaseOperation.room(watch.limit(), transaction.counter(watch.counter()), 0) < 0);
  }

  /**
   * Books the record.
   *
   * @param alone whether somebody waits for this one, and is told how its limits stand
   */
  RecordOutcome book(LedgerTransaction transaction, boolean alone) {
    tellsLimits = alone;
    RecordedUsage record = stamped;
    if (record == null) {
      throw new IllegalStateException("booked before it was stamped");
    }
    bookedBefore = false;
    HoldRecord hold = settlesHold && leased == null ? transaction.hold(usage.id()) : null;
    if (hold != null) {
      transaction.giveBack(hold);
    }
    if (transaction.isFresh(usage.id())) {
      sent = record;
      giveBackLeased(transaction);
      transaction.charge(watches, record);
      return RecordOutcome.fresh(receipt(record, Receipt.Status.RECORDED, transaction));
    }
    TooOld old = transaction.tooOld(usage.id());
    if (old != null) {
      return RecordOutcome.refused(
          new UsageTooOldException(usage, old.purged(), old.completeFrom(), old.sameContent()));
    }
    return bookAgain(transaction, transaction.twinOf(usage.id()));
  }

  // the hold is given back only with a record that is new: for a repetition that was done before
  private void giveBackLeased(LedgerTransaction transaction) {
    if (leased != null && !leased.isOver()) {
      for (LeasedCall.Share share : leased.shares()) {
        transaction.leases().giveBackLater(share.lease().id(), share.amount());
      }
      if (tellsLimits) {
        transaction.leases().settle();
      }
    }
  }

  private Receipt receipt(
      RecordedUsage record, Receipt.Status status, LedgerTransaction transaction) {
    return new Receipt(
        record.usage().id(),
        record.cost().orElse(null),
        status,
        tellsLimits ? Admission.statuses(watches, transaction::counter) : List.of());
  }

  private RecordOutcome bookAgain(LedgerTransaction transaction, RecordedUsage twin) {
    if (given.repeats(usage, twin.usage())) {
      bookedBefore = Unsure.isSame(sent, twin) || transaction.wasSentBefore(twin);
      return bookedBefore
          ? RecordOutcome.fresh(receipt(twin, Receipt.Status.RECORDED, transaction))
          : repeated(twin);
    }
    Usage told = known == null ? usage : known.record().current();
    if (!Superseding.concerns(twin, told)) {
      return RecordOutcome.conflicting(new UsageConflictException(twin.current(), usage), twin);
    }
    Adjustment adjustment = Superseding.of(twin, told);
    if (adjustment == null) {
      bookedBefore = twin.equals(corrected);
      return bookedBefore ? superseding(twin, twin, transaction) : repeated(twin);
    }
    transaction.adjust(watches, adjustment);
    corrected = adjustment.after();
    return superseding(corrected, twin, transaction);
  }

  private RecordOutcome superseding(
      RecordedUsage after, RecordedUsage twin, LedgerTransaction transaction) {
    return RecordOutcome.superseding(receipt(after, Receipt.Status.SUPERSEDED, transaction), twin);
  }

  private static RecordOutcome repeated(RecordedUsage twin) {
    return RecordOutcome.repeated(
        new Receipt(
            twin.usage().id(), twin.cost().orElse(null), Receipt.Status.DUPLICATE, List.of()),
        twin);
  }

  void count(RecordOutcome booked, Meters meters) {
    overdrawn.forEach(OwnLease::retire);
    if (leased != null) {
      leased.booked();
    }
    Receipt receipt = booked.receipt();
    if (booked.conflict() != null) {
      meters.count(Meters.Count.CONFLICT);
    } else if (receipt == null || bookedBefore) {
      // records that are refused or given up are counted where that is told
      return;
    } else if (receipt.status() == Receipt.Status.SUPERSEDED) {
      meters.count(Meters.Count.SUPERSEDED);
    } else if (receipt.status() == Receipt.Status.DUPLICATE) {
      meters.count(Meters.Count.DUPLICATE);
    } else if (stamped != null) {
      countStored(stamped, meters);
    }
  }

  static void countStored(RecordedUsage record, Meters meters) {
    meters.count(Meters.Count.RECORDED);
    if (record.late()) {
      meters.count(Meters.Count.LATE);
    }
    if (record.usage().cost().isEmpty()) {
      meters.count(Meters.Count.UNPRICED);
    }
    if (record.usage().source() == TokenSource.ESTIMATED) {
      meters.count(Meters.Count.ESTIMATED);
    }
  }
}
