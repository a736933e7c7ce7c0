package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What checkpoints say: up to where the beginnings of streams were removed, and the hash there.
 * Confined to one thread.
 */
final class Checkpoints {
  /** The attribute that says before which instant entries had become too old. */
  static final String BEFORE = "before";

  private static final int PAGE = 100;

  private final Map<UUID, Base> bases = new HashMap<>();
  private final Map<UUID, Instant> removedBefore = new HashMap<>();

  /**
   * Where what is left of a stream begins.
   *
   * @param sequence the last place that was removed
   * @param hash the hash that was there
   * @param checkpoint the entry that says so, or null for what is not written yet
   * @param keyed true if that entry was sealed with a key
   */
  record Base(long sequence, String hash, @Nullable UUID checkpoint, boolean keyed) {}

  /**
   * Reads what all checkpoints of {@code log} say; this does not check whether they may be trusted.
   */
  static Checkpoints of(AuditLog log) {
    Checkpoints found = new Checkpoints();
    AuditQuery query = AuditQuery.latest(PAGE).ofType(AuditEntry.CHECKPOINT);
    for (List<AuditEntry> page = log.find(query);
        !page.isEmpty();
        page = log.find(query.after(page.get(page.size() - 1).id()))) {
      for (AuditEntry entry : page) {
        log.entry(entry.id()).ifPresent(found::read);
      }
    }
    return found;
  }

  private void read(SealedEntry checkpoint) {
    Seal seal = checkpoint.seal();
    String text = checkpoint.entry().prompt();
    if (seal == null || text == null) {
      return;
    }
    UUID id = checkpoint.entry().id();
    instant(checkpoint.entry()).ifPresent(before -> removedBefore.put(id, before));
    text.lines()
        .map(line -> line.split(" ", -1))
        .filter(parts -> parts.length == 3)
        .forEach(parts -> read(parts, id, seal.key() != null));
  }

  // A line that we did not write says nothing. That its entry was altered is found by the entry's
  // seal.
  private void read(String[] parts, UUID checkpoint, boolean keyed) {
    try {
      Seal place =
          new Seal(
              UUID.fromString(parts[0]), Long.parseLong(parts[1]), Seal.VERSION, null, parts[2]);
      put(place.stream(), new Base(place.sequence(), place.hash(), checkpoint, keyed));
    } catch (IllegalArgumentException e) {
      return;
    }
  }

  private static Optional<Instant> instant(AuditEntry checkpoint) {
    String before = checkpoint.attributes().get(BEFORE);
    try {
      return before == null ? Optional.empty() : Optional.of(Instant.parse(before));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Notes where a stream begins, unless a place further on is known. */
  void put(UUID stream, Base base) {
    bases.merge(stream, base, Checkpoints::further);
  }

  private static Base further(Base known, Base more) {
    boolean isSame = more.sequence() == known.sequence();
    boolean isBetter = isSame ? more.keyed() && !known.keyed() : more.sequence() > known.sequence();
    return isBetter ? more : known;
  }

  @Nullable Base base(UUID stream) {
    return bases.get(stream);
  }

  /** The checkpoints by id, with what had become too old for them. */
  Map<UUID, Instant> removedBefore() {
    return removedBefore;
  }

  /** True if both sets of checkpoints say the same. */
  boolean sameAs(Checkpoints other) {
    return bases.equals(other.bases) && removedBefore.equals(other.removedBefore);
  }

  /** The lines of a checkpoint for these streams. */
  String text(Collection<UUID> streams) {
    StringBuilder text = new StringBuilder();
    for (UUID stream : streams) {
      Base base = bases.get(stream);
      if (base != null) {
        text.append("%s %d %s\n".formatted(stream, base.sequence(), base.hash()));
      }
    }
    return text.toString();
  }
}
