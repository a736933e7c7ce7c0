package io.llmaccounting.retention;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.backend.RenamedSlice;
import io.llmaccounting.backend.Renaming;
import io.llmaccounting.backend.Renaming.Place;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.health.Health;
import io.llmaccounting.internal.access.ErasedKeys;
import io.llmaccounting.internal.admin.AdminParts;
import io.llmaccounting.internal.audit.ErasedEntries;
import io.llmaccounting.internal.cache.LocalChanges;
import io.llmaccounting.internal.quota.RenamedLimits;
import io.llmaccounting.usage.Plural;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Carries an erasure out, one bounded transaction after the other. Confined to one thread. */
final class ErasureRun {
  private final AdminParts parts;
  private final Erasure erasure;
  private final NameChange change;
  private final ErasedEntries entries;
  private final ErasedKeys keys;
  private final ErasedEntries.What what;
  private final Map<ErasureKind, Long> changed = new EnumMap<>(ErasureKind.class);
  private boolean interrupted;

  ErasureRun(AdminParts parts, Erasure erasure, String pseudonym) {
    this.parts = parts;
    this.erasure = erasure;
    this.change = RenamedLimits.change(erasure.user, pseudonym);
    this.entries = parts.erasedEntries().get();
    this.keys = new ErasedKeys(parts.backend(), change, parts.settings());
    this.what = new ErasedEntries.What(change, erasure.texts);
  }

  ErasureReport preview() {
    parts.intake().flush();
    ErasedEntries.Found found = entries.find(what);
    changed.put(ErasureKind.DIRECTORY, isListed() ? 1L : 0L);
    changed.put(ErasureKind.KEYS, keys.count());
    changed.put(ErasureKind.USAGE, renaming().count(Place.RECORDS, change));
    changed.put(ErasureKind.ROLLUPS, renaming().count(Place.ROLLUPS, change));
    changed.put(ErasureKind.LIMITS, RenamedLimits.named(limits(), change));
    changed.put(ErasureKind.DENIALS, renaming().count(Place.DENIALS, change));
    changed.put(ErasureKind.ALERTS, renaming().count(Place.ALERTS, change));
    changed.put(ErasureKind.AUDIT_ENTRIES, found.entries());
    List<String> obstacles = new ArrayList<>();
    spooled().ifPresent(obstacles::add);
    held().ifPresent(obstacles::add);
    entries.unable(found).ifPresent(obstacles::add);
    return new ErasureReport(change.to(), changed, left(), true, obstacles);
  }

  ErasureReport run() {
    try {
      if (goesOn()) {
        requireDrained();
        parts.intake().flush();
        requireSound();
        eraseAllOrTell();
      }
      // nothing was stored under the name: likely it is mistyped, and nobody was erased
      if (interrupted || changed.values().stream().anyMatch(count -> count > 0)) {
        parts.trail().append(interrupted ? "erasure stopped" : "person erased", about());
      }
      // this comes last, because it may fail although everything is erased
      if (erasure.overwrites && goesOn()) {
        renaming().overwriteFreed();
      }
      return new ErasureReport(change.to(), changed, left(), !interrupted, List.of());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // what was erased before a failure must leave an audit entry
  private void eraseAllOrTell() {
    try {
      eraseAll();
    } catch (RuntimeException e) {
      try {
        parts.trail().append("erasure broke off", about());
      } catch (RuntimeException untold) {
        e.addSuppressed(untold);
      }
      throw e;
    }
  }

  private void eraseAll() {
    boolean removed = parts.backend().directory().remove(DirectoryEntry.Kind.USER, erasure.user);
    LocalChanges.ofDirectory();
    changed.put(ErasureKind.DIRECTORY, removed ? 1L : 0L);
    // first, so that the person makes no call meanwhile
    changed.put(ErasureKind.KEYS, keys.run(this::goesOn));
    long rollups = renaming().count(Place.ROLLUPS, change);
    records();
    rename(Place.ROLLUPS);
    // most rollups follow their records, so that only the number left tells how many did
    rollups -= renaming().count(Place.ROLLUPS, change);
    changed.put(ErasureKind.ROLLUPS, Math.max(0, rollups));
    changed.put(ErasureKind.DENIALS, rename(Place.DENIALS));
    changed.put(ErasureKind.ALERTS, rename(Place.ALERTS));
    if (goesOn()) {
      changed.put(ErasureKind.LIMITS, RenamedLimits.named(limits(), change));
      renaming().renameCounters(new RenamedLimits(change)::of);
      parts.limits().reload();
    }
    if (goesOn()) {
      changed.put(ErasureKind.AUDIT_ENTRIES, entries.run(what, this::goesOn));
    }
  }

  private void records() {
    UUID after = null;
    boolean done = false;
    while (!done && goesOn()) {
      RenamedSlice slice = renaming().renameRecords(change, after, erasure.batch);
      changed.merge(ErasureKind.USAGE, (long) slice.records(), Math::addExact);
      after = slice.last();
      done = slice.done();
    }
  }

  private long rename(Place place) {
    long all = 0;
    long rows = 1;
    while (rows > 0 && goesOn()) {
      rows = renaming().rename(place, change, erasure.batch);
      all = Math.addExact(all, rows);
    }
    return all;
  }

  private Renaming renaming() {
    return parts.backend().maintenance().renaming();
  }

  private void requireDrained() {
    spooled().ifPresent(ErasureRun::refuse);
  }

  private void requireSound() {
    requireDrained();
    held().ifPresent(ErasureRun::refuse);
    entries.unable(entries.find(what)).ifPresent(ErasureRun::refuse);
  }

  private static void refuse(String obstacle) {
    throw new IllegalStateException(obstacle + "; nothing was erased");
  }

  private Optional<String> spooled() {
    Health.Spool spool = parts.intake().spool();
    if (!spool.isCurrent()) {
      return Optional.of(
          "the spool cannot tell whether records of the user wait in it; erase once it can");
    }
    long waiting = spool.records();
    return waiting == 0
        ? Optional.empty()
        : Optional.of(
            "%s %s in the spool and may be the user's; erase once nothing waits there"
                .formatted(Plural.of(waiting, "record"), Plural.verb(waiting, "waits", "wait")));
  }

  private Optional<String> held() {
    List<HoldRecord> holds =
        parts.backend().ledger().holds().stream()
            .filter(hold -> RenamedLimits.concerns(hold, change))
            .toList();
    List<HoldRecord> calls = holds.stream().filter(hold -> hold.lease() == null).toList();
    return calls.isEmpty()
        ? last(holds).map(last -> leased(holds.size(), last))
        : last(calls).map(last -> held(calls.size(), last));
  }

  private static Optional<Instant> last(List<HoldRecord> holds) {
    return holds.stream().map(HoldRecord::expiresAt).max(Comparator.naturalOrder());
  }

  private static String held(int holds, Instant last) {
    return "the user has %s, %s until %s; end the calls or release the holds, or wait until they have expired and the next call has recorded them as unfinished, then erase"
        .formatted(
            Plural.of(holds, "open hold"), holds == 1 ? "held" : "the last of them held", last);
  }

  private static String leased(int leases, Instant last) {
    return "of the user's limits %s until %s; a process gives its lease back once the user has made no call for the limit's lease term, or when it ends, then erase"
        .formatted(
            leases == 1
                ? "a slice is leased to a process"
                : "%d slices are leased to processes, the last of them".formatted(leases),
            last);
  }

  private boolean isListed() {
    return parts.backend().directory().find(DirectoryEntry.Kind.USER, erasure.user).isPresent();
  }

  private List<StoredLimit> limits() {
    return parts.backend().limits().load().limits();
  }

  private List<String> left() {
    List<String> left = new ArrayList<>();
    for (StoredLimit stored : limits()) {
      if (stored.limit().name().contains(erasure.user)) {
        left.add("the name of limit \"%s\" holds it".formatted(stored.limit().name()));
      }
    }
    Health.Spool spool = parts.intake().spool();
    long dead = spool.deadLetters();
    if (!spool.isCurrent()) {
      left.add("the spool cannot tell whether dead letters in it may be the user's");
    } else if (dead > 0) {
      left.add("%s in the spool may be the user's".formatted(Plural.of(dead, "dead letter")));
    }
    return left;
  }

  // The flag is put back at the end: with it set, the audit entry could not be written.
  private boolean goesOn() {
    interrupted |= Thread.interrupted();
    return !interrupted;
  }

  private Map<String, String> about() {
    Map<String, String> about = new TreeMap<>();
    about.put("pseudonym", change.to());
    changed.forEach(
        (kind, count) -> about.put(kind.name().toLowerCase(Locale.ROOT), Long.toString(count)));
    return about;
  }
}
