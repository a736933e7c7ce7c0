package io.llmaccounting.testkit;

import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.backend.RenamedCounters;
import io.llmaccounting.backend.RenamedSlice;
import io.llmaccounting.backend.Renaming;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives users another name in memory. */
final class InMemoryRenaming implements Renaming {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;
  private final Supplier<LedgerSnapshot> view;

  InMemoryRenaming(InMemoryStorage storage, FaultSwitch faults, Supplier<LedgerSnapshot> view) {
    this.storage = storage;
    this.faults = faults;
    this.view = view;
  }

  @Override
  public long count(Place place, NameChange change) {
    return faults.enter(
        () ->
            switch (place) {
              case RECORDS -> (long) records(change, null).size();
              case ROLLUPS -> (long) rolledUp(change).size();
              case DENIALS -> (long) denials(change).size();
              case ALERTS -> (long) alerts(change).size();
            });
  }

  @Override
  public RenamedSlice renameRecords(NameChange change, @Nullable UUID after, int count) {
    return faults.enter(
        () -> {
          List<RecordedUsage> some = records(change, after).stream().limit(count).toList();
          some.forEach(record -> storage.records.put(record.usage().id(), renamed(record, change)));
          storage.keys.replaceAll((key, usage) -> renamed(usage, change));
          return new RenamedSlice(
              some.size(),
              some.isEmpty() ? after : some.get(some.size() - 1).usage().id(),
              some.size() < count);
        });
  }

  private List<RecordedUsage> records(NameChange change, @Nullable UUID after) {
    return storage.records.values().stream()
        .filter(record -> after == null || record.usage().id().compareTo(after) > 0)
        .filter(record -> change.concerns(record.usage().attribution()))
        .toList();
  }

  private static RecordedUsage renamed(RecordedUsage record, NameChange change) {
    return new RecordedUsage(
        renamed(record.usage(), change),
        record.chargedAt(),
        record.settledAt(),
        record.late(),
        record.adjustment(),
        record.figures());
  }

  private static Usage renamed(Usage usage, NameChange change) {
    return usage.withAttribution(change.attribution(usage.attribution()));
  }

  @Override
  public long rename(Place place, NameChange change, int count) {
    return faults.enter(
        () ->
            switch (place) {
              case RECORDS ->
                  throw new IllegalArgumentException("records are renamed by renameRecords");
              case ROLLUPS -> renameRolledUp(change, count);
              case DENIALS -> renameDenials(change);
              case ALERTS -> renameAlerts(change);
            });
  }

  private List<RolledUp> rolledUp(NameChange change) {
    return storage.rolledUp.values().stream()
        .filter(sum -> change.concerns(sum.like().attribution()))
        .toList();
  }

  private long renameRolledUp(NameChange change, int count) {
    List<RolledUp> some = rolledUp(change).stream().limit(count).toList();
    for (RolledUp old : some) {
      RolledUp sum = new RolledUp(renamed(old.like(), change), old.from(), old.totals());
      storage.rolledUp.remove(old.key());
      storage.rolledUp.merge(sum.key(), sum, RolledUp::plus);
    }
    if (some.isEmpty()) {
      storage.names.forgetUser(change.from());
    }
    return some.size();
  }

  private List<DenialCount> denials(NameChange change) {
    return storage.denials.values().stream()
        .filter(
            denial ->
                change.concerns(denial.subject())
                    || !change.texts().apply(denial.lastReason()).equals(denial.lastReason()))
        .toList();
  }

  private long renameDenials(NameChange change) {
    List<DenialCount> all = denials(change);
    for (DenialCount old : all) {
      storage.denials.remove(
          new InMemoryStorage.DenialKey(old.limit(), old.subject(), old.minute()));
      String subject = change.subjects().apply(old.subject());
      DenialCount moved =
          new DenialCount(
              old.limit(),
              subject,
              old.minute(),
              old.count(),
              old.lastRequested(),
              change.texts().apply(old.lastReason()));
      storage.denials.merge(
          new InMemoryStorage.DenialKey(old.limit(), subject, old.minute()),
          moved,
          (there, more) ->
              new DenialCount(
                  there.limit(),
                  subject,
                  there.minute(),
                  Math.addExact(there.count(), more.count()),
                  more.lastRequested(),
                  more.lastReason()));
    }
    return all.size();
  }

  private List<Alert> alerts(NameChange change) {
    return storage.alerts.values().stream()
        .filter(alert -> change.concerns(alert.subject()))
        .toList();
  }

  private long renameAlerts(NameChange change) {
    List<Alert> all = alerts(change);
    for (Alert old : all) {
      storage.alerts.put(
          old.id(),
          new Alert(
              old.id(),
              old.limit(),
              change.subjects().apply(old.subject()),
              old.percent(),
              old.firedAt(),
              old.used(),
              old.maximum()));
    }
    return all.size();
  }

  @Override
  public void renameCounters(Function<LedgerSnapshot, RenamedCounters> renaming) {
    faults.commit(
        () -> {
          RenamedCounters renamed = renaming.apply(view.get());
          renamed.limits().forEach(one -> storage.limits.put(one.limit().name(), one));
          storage.limitRevision += renamed.limits().isEmpty() ? 0 : 1;
          storage.counters.keySet().removeIf(key -> renamed.counted().contains(key.limitId()));
          storage.bases.keySet().removeIf(key -> renamed.counted().contains(key.limitId()));
          storage.counters.putAll(renamed.counters());
          storage.bases.putAll(renamed.bases());
          renamed.holds().forEach(hold -> storage.holds.put(hold.id(), hold));
        });
  }

  @Override
  public boolean overwriteFreed() {
    return faults.enter(() -> true);
  }
}
