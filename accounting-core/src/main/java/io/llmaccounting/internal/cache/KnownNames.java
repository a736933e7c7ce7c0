package io.llmaccounting.internal.cache;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.quota.RecentValues;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Refuses projects and users that the directory does not know. Changes through any accounting of
 * this process are seen at once, those of other processes within the staleness. Safe for use by
 * many threads.
 */
public final class KnownNames {
  private static final int MOST_NAMES = 50_000;

  private final DirectoryStore store;
  private final InstantSource clock;
  private final Duration staleness;
  private final Breaker breaker;
  private final RecentValues<Key, Found> names = new RecentValues<>(MOST_NAMES);
  private final OneAsks checking = new OneAsks();
  private final AtomicLong changes = new AtomicLong();
  private volatile Checked checked = new Checked(Long.MIN_VALUE, Instant.MIN);

  private record Key(DirectoryEntry.Kind kind, String name) {}

  private record Found(Optional<DirectoryEntry> entry, long changes) {}

  private record Checked(long revision, Instant at) {}

  /** Names of {@code store}, checked by revision once they are older than {@code staleness}. */
  public KnownNames(
      DirectoryStore store, InstantSource clock, Duration staleness, Breaker breaker) {
    this.breaker = breaker;
    this.store = store;
    this.clock = clock;
    this.staleness = staleness;
    LocalChanges.DIRECTORY.listen(this);
  }

  /**
   * Lets known, active names through, and absent ones.
   *
   * @throws UnknownNameException for the first that is not known or not active
   */
  public void require(Attribution attribution) {
    require(DirectoryEntry.Kind.PROJECT, attribution.project());
    require(DirectoryEntry.Kind.USER, attribution.user());
  }

  /** True while the directory is not asked, because the store is known to be away. */
  public boolean isAway() {
    return breaker.isOpen();
  }

  /**
   * Lets the same names through as they were last looked up, and asks nobody.
   *
   * @throws UnknownNameException for the first that was not known or not active then
   * @throws BackendException if one was never looked up
   */
  public void requireRecalled(Attribution attribution) {
    requireRecalled(DirectoryEntry.Kind.PROJECT, attribution.project());
    requireRecalled(DirectoryEntry.Kind.USER, attribution.user());
  }

  /** Lets a limit through whose exact names are known and active. */
  public void require(Limit limit) {
    require(DirectoryEntry.Kind.PROJECT, named(limit, Dimension.PROJECT));
    require(DirectoryEntry.Kind.USER, named(limit, Dimension.USER));
  }

  private static @Nullable String named(Limit limit, Dimension dimension) {
    Match match = limit.who().get(dimension);
    return match != null && match.kind() == Match.Kind.IS ? match.value() : null;
  }

  private void require(DirectoryEntry.Kind kind, @Nullable String name) {
    if (name == null) {
      return;
    }
    forgetIfStale();
    require(kind, name, find(new Key(kind, name)));
  }

  private void requireRecalled(DirectoryEntry.Kind kind, @Nullable String name) {
    if (name == null) {
      return;
    }
    Found known = names.get(new Key(kind, name));
    if (known == null) {
      throw breaker.refusal();
    }
    require(kind, name, known.entry());
  }

  private static void require(
      DirectoryEntry.Kind kind, String name, Optional<DirectoryEntry> entry) {
    if (entry.isEmpty() || !entry.get().active()) {
      throw new UnknownNameException(kind, name, entry.isPresent());
    }
  }

  // names are looked up outside the cache, which would hold a monitor meanwhile; a name that was
  // looked up before a change is not used after it
  private Optional<DirectoryEntry> find(Key key) {
    long seen = changes.get();
    Found known = names.get(key);
    if (known == null || (known.changes() != seen && !breaker.isOpen())) {
      known = new Found(breaker.read(() -> store.find(key.kind(), key.name())), seen);
      names.put(key, known);
    }
    return known.entry();
  }

  private void forgetIfStale() {
    if (breaker.isOpen() || isFresh(checked, clock.instant())) {
      return;
    }
    checking.ask(this::ifFresh, this::check);
  }

  private @Nullable Checked ifFresh() {
    Checked last = checked;
    return isFresh(last, clock.instant()) ? last : null;
  }

  private Checked check() {
    Instant now = clock.instant();
    long revision = breaker.read(store::revision);
    if (revision != checked.revision()) {
      changes.incrementAndGet();
    }
    Checked latest = new Checked(revision, now);
    checked = latest;
    return latest;
  }

  private boolean isFresh(Checked last, Instant now) {
    return !last.at().equals(Instant.MIN)
        && Duration.between(last.at(), now).abs().compareTo(staleness) <= 0;
  }

  /** Forgets everything: the directory has changed. */
  void forget() {
    checked = new Checked(Long.MIN_VALUE, Instant.MIN);
    changes.incrementAndGet();
  }
}
