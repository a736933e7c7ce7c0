package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.TooOld;
import io.llmaccounting.internal.quota.Charges;
import io.llmaccounting.internal.quota.Counter;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.quota.WindowExit;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One ledger transaction, from the operations of a batch to what is written. Starts over whenever
 * it is stamped. Confined to the group commit's thread.
 */
final class LedgerTransaction implements Decider {
  private final List<Operation<?>> operations;
  private final LimitIndex limits;
  private final Refusals refusals;
  private final Unsure unsure;
  private final Map<CounterKey, Counter> counters = new HashMap<>();
  private final Map<CounterKey, Counter> changed = new TreeMap<>();
  private final List<RecordedUsage> records = new ArrayList<>();
  private final List<HoldRecord> holds = new ArrayList<>();
  private final List<Alert> alerts = new ArrayList<>();
  private final List<Alert> knownAlerts = new ArrayList<>();
  private final List<DenialCount> denials = new ArrayList<>();
  private final Set<UUID> forced = new HashSet<>();
  private final Map<UUID, List<UsageAdjustment>> known = new HashMap<>();
  private final List<Adjustment> adjustments = new ArrayList<>();
  // two operations may correct one record, where one knows it by its id and the other by its key
  private final Map<UUID, RecordedUsage> corrected = new HashMap<>();
  private final LeaseRows leases = new LeaseRows(this);
  private LedgerView view = new LedgerView(Instant.EPOCH, Map.of(), Map.of());
  private StoredRecords stored = StoredRecords.NONE;
  private long now;

  LedgerTransaction(
      List<Operation<?>> operations, LimitIndex limits, Refusals refusals, Unsure unsure) {
    this.refusals = refusals;
    this.unsure = unsure;
    this.operations = operations;
    this.limits = limits;
  }

  @Override
  public List<RecordedUsage> stamp(LedgerView view) {
    this.view = view;
    this.stored = StoredRecords.NONE;
    this.now = WindowExit.toMicros(view.now());
    for (CounterState state : view.counters().values()) {
      now = Math.max(now, state.asOf());
    }
    counters.clear();
    changed.clear();
    records.clear();
    forced.clear();
    known.clear();
    holds.clear();
    leases.clear();
    alerts.clear();
    knownAlerts.clear();
    denials.clear();
    adjustments.clear();
    corrected.clear();
    for (Operation<?> operation : operations) {
      operation.stamp(this);
    }
    return records;
  }

  @Override
  public LedgerWrites decide(LedgerView view, StoredRecords stored) {
    this.view = view;
    this.stored = stored;
    for (Operation<?> operation : operations) {
      operation.book(this);
    }
    Map<CounterKey, CounterState> states = new TreeMap<>();
    changed.forEach((key, counter) -> states.put(key, counter.toState()));
    List<Alert> allAlerts = new ArrayList<>(alerts);
    allAlerts.addAll(knownAlerts);
    holds.addAll(leases.changed());
    return new LedgerWrites(states, holds, allAlerts, denials, adjustments);
  }

  /** The alerts that have just fired and are to be delivered. */
  List<Alert> alerts() {
    return alerts;
  }

  /** The dimensions in which some records have a name that is one too many on its day, by day. */
  Map<LocalDate, Set<Dimension>> others() {
    Map<LocalDate, Set<Dimension>> others = new TreeMap<>();
    stored
        .others()
        .forEach(
            (id, dimensions) ->
                others
                    .computeIfAbsent(
                        LocalDate.ofInstant(UsageId.timeOf(id), ZoneOffset.UTC),
                        day -> new TreeSet<>())
                    .addAll(dimensions));
    return others;
  }

  /** How many records have such names. */
  long inOthers() {
    return stored.others().size();
  }

  /** How many denials are counted under no subject of their own. */
  long unnamed() {
    long sum = 0;
    for (DenialCount denial : denials) {
      sum += denial.subject().equals(DenialCount.OTHERS) ? denial.count() : 0;
    }
    return sum;
  }

  /** Writes alerts and denials that another store has seen. */
  void remember(List<Alert> fired, List<DenialCount> refused) {
    knownAlerts.addAll(fired);
    denials.addAll(refused);
  }

  /** The ledger's clock, never behind any counter of the batch. */
  Instant now() {
    return WindowExit.toInstant(now);
  }

  void store(RecordedUsage usage) {
    records.add(usage);
  }

  /** Has the record stored however old it is. */
  void storeEvenIfOld(RecordedUsage usage) {
    records.add(usage);
    forced.add(usage.usage().id());
  }

  @Override
  public boolean storesOld(UUID id) {
    return forced.contains(id);
  }

  /** Notes the history of a record that is stored. */
  void know(UsageHistory history) {
    known.put(history.record().usage().id(), history.adjustments());
  }

  @Override
  public List<UsageAdjustment> adjustments(UUID id) {
    return known.getOrDefault(id, List.of());
  }

  /** True if the record was not there before. */
  boolean isFresh(UUID id) {
    return stored.fresh().contains(id);
  }

  /** Why the record was not stored though nobody has its id or key; null if somebody has. */
  @Nullable TooOld tooOld(UUID id) {
    return stored.tooOld().get(id);
  }

  /** The record that has this record's id or key already, as this transaction leaves it. */
  RecordedUsage twinOf(UUID id) {
    RecordedUsage twin = stored.twins().get(id);
    if (twin == null) {
      throw new IllegalStateException("record " + id + " is neither new nor a repetition");
    }
    return corrected.getOrDefault(twin.usage().id(), twin);
  }

  /** The records that this transaction stores and that were not there before. */
  List<RecordedUsage> fresh() {
    return records.stream().filter(record -> isFresh(record.usage().id())).toList();
  }

  /** Records as this transaction's corrections leave them. */
  Collection<RecordedUsage> corrected() {
    return corrected.values();
  }

  /** The record as this transaction has found it, or null. */
  @Nullable RecordedUsage found(UUID id) {
    return view.records().get(id);
  }

  /** True if a record that is there was sent before by this accounting, without an answer. */
  boolean wasSentBefore(RecordedUsage twin) {
    return unsure.isOurs(twin);
  }

  /** What the ledger's clock read in this transaction. */
  Instant seenAt() {
    return view.now();
  }

  /** Holds that this transaction found expired. */
  List<HoldRecord> expired() {
    return view.expired();
  }

  @Nullable HoldRecord hold(UUID id) {
    return view.holds().get(id);
  }

  /** The record as this transaction leaves it, or null if it is gone. */
  @Nullable RecordedUsage record(UUID id) {
    RecordedUsage known = corrected.get(id);
    return known == null ? view.records().get(id) : known;
  }

  /** Corrects a record, also on every limit that watches it. */
  void adjust(List<Watch> watches, Adjustment adjustment) {
    adjustments.add(adjustment);
    corrected.put(adjustment.before().usage().id(), adjustment.after());
    long charged = WindowExit.toMicros(adjustment.before().chargedAt());
    for (Watch watch : watches) {
      long was = Charges.of(watch.limit(), adjustment.before());
      long becomes = Charges.of(watch.limit(), adjustment.after());
      if (was != becomes) {
        Counter counter = changing(watch.counter());
        long before = counter.used();
        counter.credit(charged, was);
        counter.charge(charged, becomes);
        fire(watch, counter, before);
      }
    }
  }

  /** Leases as this transaction leaves them. */
  LeaseRows leases() {
    return leases;
  }

  void write(HoldRecord hold) {
    holds.add(hold);
  }

  Counter counter(CounterKey key) {
    Counter counter = counterIfAny(key);
    if (counter == null) {
      throw new IllegalStateException("counter " + key + " was not locked");
    }
    return counter;
  }

  /** The counter, or null if its limit is gone. */
  @Nullable Counter counterIfAny(CounterKey key) {
    Counter known = counters.get(key);
    if (known != null) {
      return known;
    }
    StoredLimit limit = limits.byId(key.limitId());
    CounterState state = view.counters().get(key);
    if (limit == null || state == null) {
      return null;
    }
    Counter counter = Counter.of(limit.limit(), state);
    counter.advance(now);
    counters.put(key, counter);
    return counter;
  }

  /** A counter that is about to change. */
  Counter changing(CounterKey key) {
    Counter counter = counter(key);
    changed.put(key, counter);
    return counter;
  }

  /** Books a new record on every limit that watches it. */
  void charge(List<Watch> watches, RecordedUsage record) {
    long charged = WindowExit.toMicros(record.chargedAt());
    for (Watch watch : watches) {
      Counter counter = changing(watch.counter());
      long before = counter.used();
      counter.charge(charged, Charges.of(watch.limit(), record));
      fire(watch, counter, before);
    }
  }

  private void fire(Watch watch, Counter counter, long before) {
    for (int percent : counter.alertsSince(before)) {
      alerts.add(alert(watch, percent, counter.used()));
    }
  }

  private Alert alert(Watch watch, int percent, long used) {
    CounterKey counter = watch.counter();
    String identity =
        "%d/%s/%d/%d/%d"
            .formatted(counter.limitId(), counter.subject(), percent, watch.limit().maximum(), now);
    return new Alert(
        UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)),
        watch.limit().name(),
        watch.counter().subject(),
        percent,
        now(),
        used,
        watch.limit().maximum());
  }

  /** Gives back what a hold keeps, on those limits that still exist. */
  void giveBack(HoldRecord hold) {
    long expires = WindowExit.toMicros(hold.expiresAt());
    for (HoldRecord.Amount amount : hold.amounts()) {
      Counter counter = counterIfAny(amount.counter());
      if (counter != null) {
        if (hold.lease() == null) {
          counter.release(amount.leaves(), expires, amount.amount());
        } else {
          counter.unlease(hold.id(), amount.leaves(), expires, amount.amount());
        }
        changed.put(amount.counter(), counter);
      }
    }
  }

  /** Takes what a hold keeps, on those limits that still exist. */
  void take(HoldRecord hold) {
    long expires = WindowExit.toMicros(hold.expiresAt());
    for (HoldRecord.Amount amount : hold.amounts()) {
      Counter counter = counterIfAny(amount.counter());
      if (counter != null) {
        if (hold.lease() == null) {
          counter.hold(amount.leaves(), expires, amount.amount());
        } else {
          counter.lease(hold.id(), amount.leaves(), expires, amount.amount());
        }
        changed.put(amount.counter(), counter);
      }
    }
  }

  /** Counts a reserve that was refused, on every limit that refused it. */
  void refused(Decision.Denied denied) {
    denials.addAll(refusals.of(denied, 1));
  }
}
