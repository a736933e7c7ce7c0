package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditRemoval;
import io.llmaccounting.audit.AuditStream;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.internal.audit.Checkpoints.Base;
import io.llmaccounting.usage.Attribution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Removes what is too old. The last hash of what is to be removed is written down first, so that
 * the streams are proven at every instant, also if this breaks off. Confined to one thread.
 */
public final class EntryRetention {
  private static final int BATCH = 1_000;
  private static final int PAGE = 500;

  private final AuditLog log;
  private final EntryWriter writer;
  private final SealKeys keys;
  private final Supplier<Instant> clock;
  private final Function<Instant, UUID> ids;

  /** Removes from {@code log}, and writes checkpoints by {@code writer}. */
  public EntryRetention(
      AuditLog log,
      EntryWriter writer,
      SealKeys keys,
      Supplier<Instant> clock,
      Function<Instant, UUID> ids) {
    this.log = log;
    this.writer = writer;
    this.keys = keys;
    this.clock = clock;
    this.ids = ids;
  }

  /** Removes what is older than {@code before}, and says how many entries were removed. */
  public long run(Instant before) {
    Map<UUID, Long> cuts = new LinkedHashMap<>();
    Set<UUID> staying = new HashSet<>();
    Map<UUID, Base> removed = new LinkedHashMap<>();
    boolean keyed = false;
    for (AuditStream stream : streams(before)) {
      Long through = stream.removable();
      String hash = stream.removableHash();
      if (through != null && hash != null) {
        cuts.put(stream.stream(), through);
        keyed |= stream.key() != null;
        removed.put(stream.stream(), new Base(through, hash, null, false));
      }
      if (through == null || through < stream.last()) {
        staying.add(stream.stream());
      }
    }
    if (!cuts.isEmpty()) {
      requireSealing(keyed);
      writeCheckpoints(before, removed, staying);
    }
    long left = remove(limit -> new AuditRemoval.Unsealed(before, limit));
    for (Map.Entry<UUID, Long> cut : cuts.entrySet()) {
      left += remove(limit -> new AuditRemoval.Sealed(cut.getKey(), cut.getValue(), limit));
    }
    return left;
  }

  private List<AuditStream> streams(Instant before) {
    List<AuditStream> all = new ArrayList<>();
    AuditStreams which = new AuditStreams(before, null, PAGE);
    for (List<AuditStream> page = log.streams(which);
        !page.isEmpty();
        page = log.streams(which.after(page.get(page.size() - 1)))) {
      all.addAll(page);
    }
    return all;
  }

  private void requireSealing(boolean keyed) {
    if (!keys.areSealing() || (keyed && !keys.haveCurrent())) {
      throw new IllegalStateException(
          "sealed entries are old enough to leave, but what removes them must seal the checkpoint that proves the rest%s; nothing was removed"
              .formatted(keyed ? ", with a key as they are" : ""));
    }
  }

  // Checkpoints are read after the streams, so that one that is removed now is among them.
  private void writeCheckpoints(Instant before, Map<UUID, Base> removed, Set<UUID> staying) {
    Checkpoints checkpoints = Checkpoints.of(log);
    removed.forEach(checkpoints::put);
    Set<UUID> named = new HashSet<>(removed.keySet());
    named.addAll(staying);
    List<UUID> streams =
        named.stream().filter(stream -> checkpoints.base(stream) != null).sorted().toList();
    for (int from = 0; from < streams.size(); from += PAGE) {
      List<UUID> some = streams.subList(from, Math.min(streams.size(), from + PAGE));
      Instant now = clock.get();
      writer.append(
          List.of(
              new AuditEntry(
                  ids.apply(now),
                  now,
                  AuditEntry.CHECKPOINT,
                  null,
                  "entries removed",
                  null,
                  Attribution.NONE,
                  null,
                  null,
                  checkpoints.text(some),
                  null,
                  Map.of(Checkpoints.BEFORE, before.toString()),
                  Map.of())));
    }
  }

  private long remove(Function<Integer, AuditRemoval> removal) {
    long left = 0;
    int removed;
    do {
      removed = log.remove(removal.apply(BATCH));
      left += removed;
    } while (removed == BATCH);
    return left;
  }
}
