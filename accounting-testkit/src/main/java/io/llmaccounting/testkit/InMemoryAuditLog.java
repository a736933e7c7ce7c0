package io.llmaccounting.testkit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditRemoval;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditStream;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.audit.ErasableAuditLog;
import io.llmaccounting.audit.ErasedEntry;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.usage.Attribution;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keeps entries by id. */
final class InMemoryAuditLog implements ErasableAuditLog {
  private static final Comparator<AuditEntry> READING_ORDER =
      Comparator.comparing(AuditEntry::at).thenComparing(AuditEntry::id).reversed();
  private static final Comparator<ScannedEntry> BY_ID = Comparator.comparing(ScannedEntry::id);
  private static final Comparator<ScannedEntry> BY_STREAM =
      Comparator.comparing((ScannedEntry one) -> stream(one))
          .thenComparingLong(ScannedEntry::sequence);

  private final InMemoryStorage storage;
  private final FaultSwitch faults;

  InMemoryAuditLog(InMemoryStorage storage, FaultSwitch faults) {
    this.storage = storage;
    this.faults = faults;
  }

  @Override
  public void append(List<SealedEntry> entries) {
    faults.commit(
        () -> {
          Map<UUID, SealedEntry> added = new HashMap<>();
          for (SealedEntry stored : entries) {
            UUID id = stored.entry().id();
            requireSame(storage.audit.get(id), stored);
            requireSame(added.put(id, stored), stored);
          }
          storage.audit.putAll(added);
        });
  }

  private static void requireSame(@Nullable SealedEntry stored, SealedEntry given) {
    if (stored != null && !stored.equals(given)) {
      throw new BackendException(
          BackendException.Kind.REJECTED,
          "audit id %s is taken by another entry; entries are never changed, append one with a new id"
              .formatted(given.entry().id()));
    }
  }

  @Override
  public Optional<SealedEntry> entry(UUID id) {
    return faults.enter(() -> Optional.ofNullable(storage.audit.get(id)));
  }

  @Override
  public List<ScannedEntry> scan(AuditScan scan) {
    Comparator<ScannedEntry> order =
        scan.order() == AuditScan.Order.ID ? BY_ID : BY_STREAM.thenComparing(BY_ID);
    ScannedEntry after = scan.after();
    return faults.enter(
        () ->
            storage.audit.values().stream()
                .map(ScannedEntry::of)
                .filter(one -> scan.order() == AuditScan.Order.ID || one.stream() != null)
                .filter(one -> after == null || order.compare(one, after) > 0)
                .sorted(order)
                .limit(scan.limit())
                .toList());
  }

  @Override
  public List<AuditStream> streams(AuditStreams which) {
    return faults.enter(
        () -> {
          Map<UUID, List<ScannedEntry>> streams =
              storage.audit.values().stream()
                  .map(ScannedEntry::of)
                  .filter(one -> one.stream() != null)
                  .sorted(BY_STREAM)
                  .collect(
                      Collectors.groupingBy(
                          InMemoryAuditLog::stream, TreeMap::new, Collectors.toList()));
          UUID after = which.after();
          return streams.values().stream()
              .filter(one -> after == null || stream(one.get(0)).compareTo(after) > 0)
              .limit(which.limit())
              .map(one -> stream(one, which.before()))
              .toList();
        });
  }

  private static AuditStream stream(List<ScannedEntry> entries, Instant before) {
    ScannedEntry first = entries.get(0);
    ScannedEntry last = entries.get(entries.size() - 1);
    List<ScannedEntry> old =
        entries.stream().takeWhile(one -> stored(one).entry().at().isBefore(before)).toList();
    ScannedEntry cut = old.isEmpty() ? null : old.get(old.size() - 1);
    return new AuditStream(
        stream(first),
        first.sequence(),
        last.sequence(),
        seal(last).hash(),
        seal(last).key(),
        entries.stream()
            .map(one -> stored(one).entry().at())
            .max(Comparator.naturalOrder())
            .orElseThrow(),
        cut == null ? null : Long.valueOf(cut.sequence()),
        cut == null ? null : seal(cut).hash());
  }

  private static SealedEntry stored(ScannedEntry one) {
    return Objects.requireNonNull(one.stored(), "memory is never damaged");
  }

  private static Seal seal(ScannedEntry one) {
    return Objects.requireNonNull(stored(one).seal(), "asked of sealed entries only");
  }

  private static UUID stream(ScannedEntry one) {
    return seal(one).stream();
  }

  @Override
  public long unsealed() {
    return faults.enter(
        () -> storage.audit.values().stream().filter(one -> one.seal() == null).count());
  }

  @Override
  public int remove(AuditRemoval removal) {
    return faults.enter(
        () -> {
          List<UUID> leaving =
              storage.audit.values().stream()
                  .filter(one -> leaves(removal, one))
                  .sorted(Comparator.comparing(ScannedEntry::of, removalOrder(removal)))
                  .limit(removal.limit())
                  .map(one -> one.entry().id())
                  .toList();
          leaving.forEach(storage.audit::remove);
          return leaving.size();
        });
  }

  @Override
  public int replace(List<ErasedEntry> entries) {
    return faults.enter(
        () -> {
          int replaced = 0;
          for (ErasedEntry one : entries) {
            UUID id = one.before().entry().id();
            replaced += storage.audit.replace(id, one.before(), one.after()) ? 1 : 0;
          }
          return replaced;
        });
  }

  private static Comparator<ScannedEntry> removalOrder(AuditRemoval removal) {
    return removal instanceof AuditRemoval.Sealed
        ? BY_STREAM
        : Comparator.comparing((ScannedEntry one) -> stored(one).entry().at()).thenComparing(BY_ID);
  }

  private static boolean leaves(AuditRemoval removal, SealedEntry one) {
    Seal seal = one.seal();
    if (removal instanceof AuditRemoval.Sealed sealed) {
      return seal != null
          && seal.stream().equals(sealed.stream())
          && seal.sequence() <= sealed.through();
    }
    return seal == null
        && removal instanceof AuditRemoval.Unsealed unsealed
        && one.entry().at().isBefore(unsealed.before());
  }

  @Override
  public List<AuditEntry> find(AuditQuery query) {
    return faults.enter(
        () ->
            storage.audit.values().stream()
                .map(SealedEntry::entry)
                .filter(entry -> query.period().contains(entry.at()))
                .filter(entry -> means(query, entry))
                .filter(after(query.before()))
                .sorted(READING_ORDER)
                .limit(query.limit())
                .toList());
  }

  private static boolean means(AuditQuery query, AuditEntry entry) {
    Attribution who = entry.attribution();
    return means(query.type(), entry.type())
        && means(query.caller(), who.caller())
        && means(query.project(), who.project())
        && means(query.user(), who.user())
        && means(query.model(), entry.model())
        && means(query.session(), who.session())
        && means(query.usageId(), entry.usageId());
  }

  private static boolean means(@Nullable Object asked, @Nullable Object actual) {
    return asked == null || asked.equals(actual);
  }

  private Predicate<AuditEntry> after(@Nullable UUID id) {
    if (id == null) {
      return entry -> true;
    }
    SealedEntry last = storage.audit.get(id);
    return entry -> last != null && READING_ORDER.compare(entry, last.entry()) > 0;
  }
}
