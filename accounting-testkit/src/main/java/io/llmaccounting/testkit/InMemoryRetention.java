package io.llmaccounting.testkit;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BaseCarrier;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.PurgedSlice;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/** Forgets records, and keeps their sums in place of rollups. */
final class InMemoryRetention implements Retention {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;
  private final InstantSource clock;

  InMemoryRetention(InMemoryStorage storage, FaultSwitch faults, InstantSource clock) {
    this.storage = storage;
    this.faults = faults;
    this.clock = clock;
  }

  @Override
  public PurgedSlice removeUsage(PurgeSlice slice, BaseCarrier carrier) {
    return faults.enter(
        () -> {
          PurgedSlice removed = removeAlone(slice, carrier);
          if (slice.before().isAfter(storage.completeFrom)) {
            storage.completeFrom = slice.before();
          }
          return removed;
        });
  }

  private PurgedSlice removeAlone(PurgeSlice slice, BaseCarrier carrier) {
    UUID after = slice.after();
    List<RecordedUsage> leaving =
        storage.records.values().stream()
            .filter(record -> record.usage().occurredAt().isBefore(slice.before()))
            .filter(slice.filter())
            .filter(record -> after == null || record.usage().id().compareTo(after) > 0)
            .limit(slice.count())
            .toList();
    Instant wanted = carrier.begin(List.copyOf(storage.limits.values()), now());
    leaving.stream()
        .filter(record -> !record.chargedAt().isBefore(wanted))
        .forEach(carrier::accept);
    Map<CounterKey, CounterState> bases = new TreeMap<>(storage.bases);
    bases.keySet().retainAll(carrier.touched());
    storage.bases.putAll(carrier.carried(bases));
    for (RecordedUsage record : leaving) {
      RolledUp sum = RolledUp.of(record);
      storage.rolledUp.merge(sum.key(), sum, RolledUp::plus);
      storage.records.remove(record.usage().id());
      storage.adjustments.remove(record.usage().id());
    }
    return new PurgedSlice(
        leaving.size(),
        leaving.isEmpty() ? after : leaving.get(leaving.size() - 1).usage().id(),
        leaving.size() < slice.count());
  }

  @Override
  public long countUsage(Instant before, UsageFilter filter) {
    return faults.enter(
        () ->
            storage.records.values().stream()
                .filter(record -> record.usage().occurredAt().isBefore(before))
                .filter(filter)
                .count());
  }

  @Override
  public long remove(Leftover what, Instant before, int count) {
    return faults.enter(
        () -> {
          if (what == Leftover.KEYS || what == Leftover.ROLLUPS) {
            requireBehindHorizon(before);
          }
          if (what == Leftover.ROLLUPS) {
            storage.names.removeBefore(before);
          }
          return old(what, before).remove(count);
        });
  }

  @Override
  public long count(Leftover what, Instant before) {
    return faults.enter(
        () ->
            what == Leftover.KEYS
                ? storage.keys.values().stream().filter(one -> isBefore(one.id(), before)).count()
                : (long) old(what, before).keys().size());
  }

  private Old<?, ?> old(Leftover what, Instant before) {
    return switch (what) {
      case KEYS -> new Old<>(storage.keys, holder -> isGone(holder.id(), before));
      case ROLLUPS -> new Old<>(storage.rolledUp, sum -> sum.from().isBefore(before));
      case DENIALS -> new Old<>(storage.denials, denial -> denial.minute().isBefore(before));
      case IDLE_COUNTERS ->
          new Old<>(
              storage.counters,
              state -> state.idleFrom() < micros(before) && state.idleFrom() < micros(now()));
      case DELIVERED_ALERTS ->
          new Old<>(
              storage.alerts,
              alert ->
                  alert.firedAt().isBefore(before) && storage.deliveredAlerts.contains(alert.id()));
    };
  }

  private boolean isGone(UUID holder, Instant before) {
    return isBefore(holder, before) && !storage.records.containsKey(holder);
  }

  private static boolean isBefore(UUID holder, Instant before) {
    return UsageId.timeOf(holder).isBefore(before);
  }

  private record Old<K, V>(Map<K, V> rows, Predicate<V> isOld) {
    List<K> keys() {
      return rows.entrySet().stream()
          .filter(row -> isOld.test(row.getValue()))
          .map(Map.Entry::getKey)
          .toList();
    }

    long remove(int count) {
      List<K> first = keys().stream().limit(count).toList();
      first.forEach(rows::remove);
      return first.size();
    }
  }

  private void requireBehindHorizon(Instant before) {
    if (before.isAfter(storage.completeFrom)) {
      throw new BackendException(
          BackendException.Kind.REJECTED,
          "nothing after the purge horizon %s can be removed, but %s was asked for; remove records first"
              .formatted(storage.completeFrom, before));
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
