package io.llmaccounting.testkit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.usage.Attribution;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps entries by id. */
final class InMemoryAuditLog implements AuditLog {
  private static final Comparator<AuditEntry> READING_ORDER =
      Comparator.comparing(AuditEntry::at).thenComparing(AuditEntry::id).reversed();

  private final InMemoryStorage storage;
  private final Door door;

  InMemoryAuditLog(InMemoryStorage storage, Door door) {
    this.storage = storage;
    this.door = door;
  }

  @Override
  public void append(List<AuditEntry> entries) {
    door.enter(
        () -> {
          Map<UUID, AuditEntry> added = new HashMap<>();
          for (AuditEntry entry : entries) {
            AuditEntry kept = withoutTags(entry);
            requireSame(storage.audit.get(kept.id()), kept);
            requireSame(added.put(kept.id(), kept), kept);
          }
          storage.audit.putAll(added);
          return true;
        });
  }

  private static void requireSame(@Nullable AuditEntry stored, AuditEntry entry) {
    if (stored != null && !stored.equals(entry)) {
      throw new BackendException(
          BackendException.Kind.REJECTED,
          "audit id %s is taken by another entry; entries are never changed, append one with a new id"
              .formatted(entry.id()));
    }
  }

  private static AuditEntry withoutTags(AuditEntry entry) {
    Attribution who = entry.attribution();
    return new AuditEntry(
        entry.id(),
        entry.at(),
        entry.type(),
        entry.actor(),
        entry.outcome(),
        entry.model(),
        new Attribution(who.project(), who.user(), who.caller(), who.session(), Map.of()),
        entry.usageId(),
        entry.responseId(),
        entry.prompt(),
        entry.response(),
        entry.attributes());
  }

  @Override
  public List<AuditEntry> find(AuditQuery query) {
    return door.enter(
        () ->
            storage.audit.values().stream()
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
    AuditEntry last = storage.audit.get(id);
    return entry -> last != null && READING_ORDER.compare(entry, last) > 0;
  }
}
