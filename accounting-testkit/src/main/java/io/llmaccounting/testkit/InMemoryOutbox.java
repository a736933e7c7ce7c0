package io.llmaccounting.testkit;

import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.backend.OutboxPage;
import io.llmaccounting.backend.Redelivery;
import io.llmaccounting.backend.RefusedDelivery;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.backend.UnknownSinkException;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What sinks have yet to deliver, in memory. */
final class InMemoryOutbox implements Outbox, Redelivery {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;
  private final InstantSource clock;

  InMemoryOutbox(InMemoryStorage storage, FaultSwitch faults, InstantSource clock) {
    this.storage = storage;
    this.faults = faults;
    this.clock = clock;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private <T> T of(String sink, Function<InMemorySink, T> work) {
    return faults.enter(
        () -> {
          InMemorySink found = storage.sinks.get(sink);
          if (found == null) {
            throw new UnknownSinkException(sink);
          }
          return work.apply(found);
        });
  }

  @Override
  public List<SinkState> sinks() {
    return faults.enter(() -> storage.sinks.values().stream().map(InMemorySink::state).toList());
  }

  // the id just before those of calls made then
  private static UUID before(Instant from) {
    UUID floor = UsageId.floor(from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from);
    return new UUID(floor.getMostSignificantBits() - 1, -1L);
  }

  @Override
  public boolean open(String sink, @Nullable Instant from) {
    String named = SinkState.requireName(sink);
    return faults.enter(
        () -> {
          InMemorySink opened = new InMemorySink(named, now());
          opened.scanAfter = from == null ? null : before(from);
          return storage.sinks.putIfAbsent(sink, opened) == null;
        });
  }

  @Override
  public boolean remove(String sink) {
    return faults.enter(() -> storage.sinks.remove(sink) != null);
  }

  @Override
  public boolean claim(String sink, UUID holder, Duration term) {
    return of(
        sink,
        state -> {
          Instant until = state.heldUntil;
          boolean isFree = until == null || !until.isAfter(now()) || holder.equals(state.holder);
          if (isFree) {
            state.holder = term.isZero() ? null : holder;
            state.heldUntil = term.isZero() ? null : now().plus(term);
          }
          return isFree;
        });
  }

  @Override
  public OutboxPage next(String sink, int most) {
    requirePositive(most);
    return of(
        sink,
        state -> {
          UUID after = state.scanAfter;
          int now = after == null ? most : Math.max(1, most / 2);
          List<UUID> entries = new ArrayList<>();
          Set<UUID> ids = new LinkedHashSet<>();
          for (Map.Entry<UUID, List<UUID>> entry : state.entries.entrySet()) {
            if (ids.size() >= now) {
              break;
            }
            entries.add(entry.getKey());
            ids.addAll(entry.getValue());
          }
          OutboxPage.Scan scan = null;
          if (after != null) {
            List<UUID> older =
                storage.records.tailMap(after, false).keySet().stream()
                    .limit(Math.max(1, most - ids.size()))
                    .toList();
            boolean isFull = older.size() >= Math.max(1, most - ids.size());
            ids.addAll(older);
            scan = new OutboxPage.Scan(after, isFull ? older.get(older.size() - 1) : null);
          }
          return new OutboxPage(sink, items(ids), entries, scan);
        });
  }

  private static void requirePositive(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be 1 or more, was " + most);
    }
  }

  private List<OutboxItem> items(Set<UUID> ids) {
    List<OutboxItem> items = new ArrayList<>();
    for (UUID id : ids) {
      RecordedUsage record = storage.records.get(id);
      if (record != null) {
        items.add(new OutboxItem(record, storage.adjustments.getOrDefault(id, List.of()).size()));
      }
    }
    return items;
  }

  @Override
  public void delivered(OutboxPage page, Map<UUID, String> refused) {
    boolean unused =
        of(
            page.sink(),
            state -> {
              page.entries().forEach(state.entries::remove);
              OutboxPage.Scan scan = page.scan();
              if (scan != null && Objects.equals(state.scanAfter, scan.after())) {
                state.scanAfter = scan.to();
              }
              for (OutboxItem item : page.items()) {
                UUID id = item.record().usage().id();
                state.refused.remove(id);
                state.delivered += refused.containsKey(id) ? 0 : 1;
              }
              Instant now = now();
              refused.forEach(
                  (id, reason) ->
                      state.refused.put(id, new RefusedDelivery(page.sink(), id, now, reason)));
              state.deliveredAt = now;
              return true;
            });
  }

  @Override
  public void failed(String sink, String reason) {
    boolean unused =
        faults.enter(
            () -> {
              InMemorySink state = storage.sinks.get(sink);
              if (state != null) {
                state.error = reason;
                state.errorAt = now();
              }
              return true;
            });
  }

  @Override
  public List<RefusedDelivery> refused(String sink, int most) {
    requirePositive(most);
    return of(
        sink,
        state ->
            state.refused.values().stream()
                .sorted(
                    Comparator.comparing(RefusedDelivery::at)
                        .reversed()
                        .thenComparing(one -> one.usageId().toString()))
                .limit(most)
                .toList());
  }

  @Override
  public int again(String sink, Set<UUID> ids) {
    return of(
        sink,
        state -> {
          Set<UUID> found = new LinkedHashSet<>(ids);
          found.retainAll(state.refused.keySet());
          state.refused.keySet().removeAll(found);
          if (!found.isEmpty()) {
            state.add(found, now());
          }
          return found.size();
        });
  }

  @Override
  public void replay(String sink, Instant from) {
    boolean unused =
        of(
            sink,
            state -> {
              UUID before = before(from);
              UUID after = state.scanAfter;
              state.scanAfter = after != null && after.compareTo(before) < 0 ? after : before;
              return true;
            });
  }
}
