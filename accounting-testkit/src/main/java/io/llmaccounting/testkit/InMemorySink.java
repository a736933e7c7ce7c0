package io.llmaccounting.testkit;

import io.llmaccounting.backend.RefusedDelivery;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A sink, and what it has yet to deliver. Guarded by the storage's lock. */
final class InMemorySink {
  private static final int OF_AN_ENTRY = 100;

  final String name;
  final Instant openedAt;
  @Nullable UUID holder;
  @Nullable Instant heldUntil;
  @Nullable UUID scanAfter;
  final TreeMap<UUID, List<UUID>> entries = new TreeMap<>();
  final Map<UUID, RefusedDelivery> refused = new LinkedHashMap<>();
  long delivered;
  @Nullable Instant deliveredAt;
  @Nullable String error;
  @Nullable Instant errorAt;
  private long added;

  InMemorySink(String name, Instant openedAt) {
    this.name = name;
    this.openedAt = openedAt;
  }

  void add(Set<UUID> ids, Instant now) {
    List<UUID> all = List.copyOf(ids);
    UUID floor = UsageId.floor(now);
    for (int from = 0; from < all.size(); from += OF_AN_ENTRY) {
      added++;
      entries.put(
          new UUID(floor.getMostSignificantBits(), floor.getLeastSignificantBits() + added),
          all.subList(from, Math.min(all.size(), from + OF_AN_ENTRY)));
    }
  }

  SinkState state() {
    UUID after = scanAfter;
    return new SinkState(
        name,
        openedAt,
        holder,
        heldUntil,
        entries.values().stream().mapToLong(List::size).sum(),
        entries.isEmpty() ? null : UsageId.timeOf(entries.firstKey()),
        after == null ? null : UsageId.timeOf(after).truncatedTo(ChronoUnit.MILLIS),
        refused.size(),
        delivered,
        deliveredAt,
        error,
        errorAt);
  }
}
