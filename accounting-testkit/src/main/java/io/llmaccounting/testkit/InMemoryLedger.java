package io.llmaccounting.testkit;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.TooOld;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.testkit.InMemoryStorage.DenialKey;
import io.llmaccounting.testkit.InMemoryStorage.ProjectKey;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageHistory;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Works everything out first and writes last, so that a failure leaves no trace. */
final class InMemoryLedger implements Ledger {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;
  private final InstantSource clock;

  InMemoryLedger(InMemoryStorage storage, FaultSwitch faults, InstantSource clock) {
    this.storage = storage;
    this.faults = faults;
    this.clock = clock;
  }

  @Override
  public void transact(LedgerBatch batch, Decider decider) {
    faults.commit(() -> transactAlone(batch, decider));
  }

  private void transactAlone(LedgerBatch batch, Decider decider) {
    if (batch.limitRevision() != storage.limitRevision) {
      throw new StaleLimitsException(batch.limitRevision(), storage.limitRevision);
    }
    LedgerView view = view(batch);
    List<RecordedUsage> stamped = List.copyOf(decider.stamp(view.withRecords(Map.of())));
    requireDistinct(stamped);
    StoredRecords stored = compareWithStored(stamped, decider);
    LedgerWrites writes = decider.decide(view, stored);
    requireLocked(writes.counters().keySet(), view.counters().keySet());

    stamped.stream()
        .filter(record -> stored.fresh().contains(record.usage().id()))
        .forEach(record -> add(record, decider.adjustments(record.usage().id())));
    storage.names.fill();
    storage.holds.keySet().removeAll(batch.holdsTaken());
    writes.holds().forEach(hold -> storage.holds.put(hold.id(), hold));
    storage.counters.putAll(view.counters());
    storage.counters.putAll(writes.counters());
    removeIdle(writes.counters().size(), view);
    writes.alerts().forEach(alert -> storage.alerts.putIfAbsent(alert.id(), alert));
    writes.denials().forEach(this::add);
    writes
        .adjustments()
        .forEach(
            one -> {
              storage.records.put(one.before().usage().id(), one.after());
              remember(one.after(), one.booked(view.now()));
            });
    tellSinks(stored, writes, view.now());
  }

  private void tellSinks(StoredRecords stored, LedgerWrites writes, Instant now) {
    Set<UUID> changed = new LinkedHashSet<>(stored.fresh());
    writes.adjustments().forEach(one -> changed.add(one.before().usage().id()));
    if (!changed.isEmpty()) {
      storage.sinks.values().forEach(sink -> sink.add(changed, now));
    }
  }

  // twice as many counters as are written are looked at, so that idle ones go as fast as they come
  private void removeIdle(int written, LedgerView view) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, view.now());
    Set<CounterKey> idle = new HashSet<>();
    CounterKey last = new CounterKey(0, "");
    int left = written == 0 ? 0 : 16 + 2 * written;
    for (Map.Entry<CounterKey, CounterState> row :
        storage.counters.tailMap(storage.swept, false).entrySet()) {
      if (left-- <= 0) {
        break;
      }
      last = row.getKey();
      if (row.getValue().idleFrom() <= now && !view.counters().containsKey(last)) {
        idle.add(last);
      }
    }
    storage.swept = left < 0 ? last : new CounterKey(0, "");
    storage.counters.keySet().removeAll(idle);
  }

  private void remember(RecordedUsage record, List<UsageAdjustment> more) {
    storage.adjustments.computeIfAbsent(record.usage().id(), id -> new ArrayList<>()).addAll(more);
  }

  private LedgerView view(LedgerBatch batch) {
    Set<UUID> asked = new HashSet<>(batch.holdsTaken());
    asked.addAll(batch.holdsRead());
    Map<UUID, HoldRecord> holds = new HashMap<>(storage.holds);
    holds.keySet().retainAll(asked);

    Set<CounterKey> locked = new HashSet<>();
    holds.values().forEach(hold -> hold.amounts().forEach(amount -> locked.add(amount.counter())));
    locked.addAll(batch.counters());
    Map<CounterKey, CounterState> states = new TreeMap<>(storage.counters);
    states.keySet().retainAll(locked);
    batch.counters().forEach(key -> states.putIfAbsent(key, CounterState.EMPTY));
    Map<UUID, RecordedUsage> records = new HashMap<>();
    for (UUID id : batch.recordsRead()) {
      RecordedUsage record = storage.records.get(id);
      if (record != null) {
        records.put(id, record);
      }
    }
    Instant now = now();
    Instant from = batch.expiredFrom();
    return new LedgerView(
        now,
        Collections.unmodifiableMap(states),
        Collections.unmodifiableMap(holds),
        Collections.unmodifiableMap(records),
        from == null || now.isBefore(from)
            ? List.of()
            : expired(now, batch.holdsTaken(), LedgerBatch.EXPIRED_AT_ONCE));
  }

  private List<HoldRecord> expired(Instant now, Set<UUID> taken, int most) {
    return storage.holds.values().stream()
        .filter(hold -> !hold.expiresAt().isAfter(now) && !taken.contains(hold.id()))
        .sorted(Comparator.comparing(HoldRecord::expiresAt).thenComparing(HoldRecord::id))
        .limit(most)
        .toList();
  }

  private StoredRecords compareWithStored(List<RecordedUsage> stamped, Decider decider) {
    Set<UUID> fresh = new LinkedHashSet<>();
    Map<UUID, RecordedUsage> twins = new HashMap<>();
    Map<UUID, TooOld> tooOld = new HashMap<>();
    Map<UUID, Set<Dimension>> others = new HashMap<>();
    for (RecordedUsage record : stamped) {
      UUID id = record.usage().id();
      RecordedUsage twin = twinOf(record.usage());
      TooOld purged = decider.storesOld(id) ? null : tooOld(record.usage());
      if (twin != null) {
        twins.put(id, twin);
      } else if (purged != null) {
        tooOld.put(id, purged);
      } else {
        fresh.add(id);
        Set<Dimension> folded = storage.names.others(record.usage());
        if (!folded.isEmpty()) {
          others.put(id, folded);
        }
      }
    }
    return new StoredRecords(
        Collections.unmodifiableSet(fresh),
        Collections.unmodifiableMap(twins),
        Collections.unmodifiableMap(tooOld),
        Collections.unmodifiableMap(others));
  }

  /** Called for a record that is not there. */
  private @Nullable TooOld tooOld(Usage usage) {
    Usage holder = holderOfKey(usage);
    if (holder != null) {
      return new TooOld(holder.id(), storage.completeFrom, holder.describesSameCallAs(usage));
    }
    return usage.occurredAt().isBefore(storage.completeFrom)
        ? new TooOld(usage.id(), storage.completeFrom, false)
        : null;
  }

  private @Nullable Usage holderOfKey(Usage usage) {
    return usage.key() == null
        ? null
        : storage.keys.get(new ProjectKey(usage.attribution().project(), usage.key()));
  }

  private @Nullable RecordedUsage twinOf(Usage usage) {
    RecordedUsage sameId = storage.records.get(usage.id());
    Usage holder = sameId == null ? holderOfKey(usage) : null;
    return holder == null ? sameId : storage.records.get(holder.id());
  }

  private static void requireDistinct(List<RecordedUsage> stamped) {
    Set<UUID> ids = new HashSet<>();
    Set<ProjectKey> keys = new HashSet<>();
    for (RecordedUsage record : stamped) {
      Usage usage = record.usage();
      boolean keyRepeats =
          usage.key() != null
              && !keys.add(new ProjectKey(usage.attribution().project(), usage.key()));
      if (!ids.add(usage.id()) || keyRepeats) {
        throw new BackendException(
            BackendException.Kind.REJECTED,
            "a batch must store each id and key once, was given again: " + usage);
      }
    }
  }

  private static void requireLocked(Set<CounterKey> written, Set<CounterKey> locked) {
    if (!locked.containsAll(written)) {
      throw new BackendException(
          BackendException.Kind.REJECTED,
          "counters must be locked before they are written: written %s, locked %s; name them in the batch"
              .formatted(written, locked));
    }
  }

  private void add(RecordedUsage record, List<UsageAdjustment> known) {
    Usage usage = record.usage();
    storage.records.put(usage.id(), record);
    storage.names.meet(usage);
    if (record.isAdjusted()) {
      remember(record, new UsageHistory(record, known).adjustments());
    }
    if (usage.key() != null) {
      storage.keys.put(new ProjectKey(usage.attribution().project(), usage.key()), usage);
    }
  }

  private void add(DenialCount denial) {
    storage.denials.merge(
        new DenialKey(denial.limit(), denial.subject(), denial.minute()),
        denial,
        DenialCount::plus);
  }

  @Override
  public LedgerView peek(Set<CounterKey> counters) {
    return faults.enter(
        () -> {
          Map<CounterKey, CounterState> states = new TreeMap<>(storage.counters);
          states.keySet().retainAll(counters);
          return new LedgerView(now(), Collections.unmodifiableMap(states), Map.of());
        });
  }

  @Override
  public List<HoldRecord> holds() {
    return faults.enter(() -> InMemoryMaintenance.oldestFirst(storage.holds.values()));
  }

  @Override
  public List<HoldRecord> expiredHolds(int most) {
    return faults.enter(() -> expired(now(), Set.of(), most));
  }

  @Override
  public List<DenialCount> denials(TimeRange period) {
    return faults.enter(
        () ->
            storage.denials.values().stream()
                .filter(denial -> period.contains(denial.minute()))
                .sorted(
                    Comparator.comparing(DenialCount::minute)
                        .reversed()
                        .thenComparing(DenialCount::limit)
                        .thenComparing(DenialCount::subject))
                .toList());
  }

  @Override
  public List<Alert> alerts(boolean undeliveredOnly) {
    return faults.enter(
        () ->
            storage.alerts.values().stream()
                .filter(alert -> !undeliveredOnly || !storage.deliveredAlerts.contains(alert.id()))
                .sorted(Comparator.comparing(Alert::firedAt).thenComparing(Alert::id))
                .toList());
  }

  @Override
  public void markDelivered(Set<UUID> alertIds) {
    faults.enter(
        () -> {
          Set<UUID> known = new HashSet<>(alertIds);
          known.retainAll(storage.alerts.keySet());
          return storage.deliveredAlerts.addAll(known);
        });
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
