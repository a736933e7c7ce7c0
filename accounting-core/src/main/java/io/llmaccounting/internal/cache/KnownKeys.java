package io.llmaccounting.internal.cache;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.FormerDigest;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.quota.RecentValues;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys by the digests of their secrets. Changes made in this process are seen at once, those of
 * others within the staleness. While the store is away, keys count as they were last read, and
 * nothing is said of digests that were not. Safe for use by many threads.
 */
public final class KnownKeys {
  // apart, so that a flood of wrong secrets does not push keys out
  private static final int MOST_KEYS = 50_000;
  private static final int MOST_UNKNOWN = 10_000;

  private final AccessKeyStore store;
  private final InstantSource clock;
  private final Duration staleness;
  private final Breaker breaker;
  private final RecentValues<String, Found> keys = new RecentValues<>(MOST_KEYS);
  private final RecentValues<String, Long> unknown = new RecentValues<>(MOST_UNKNOWN);
  private final OneAsks checking = new OneAsks();
  private volatile long changes;
  private volatile Checked checked = new Checked(Long.MIN_VALUE, Instant.MIN);

  /**
   * What is known of a digest.
   *
   * @param key whose it is, null if there is no such key
   */
  public record Known(@Nullable AccessKey key) {
    /** The key. */
    public Optional<AccessKey> found() {
      return Optional.ofNullable(key);
    }
  }

  private record Found(AccessKey key, long changes) {}

  private record Checked(long revision, Instant at) {}

  /** Keys of {@code store}, checked by revision once they are older than {@code staleness}. */
  public KnownKeys(AccessKeyStore store, InstantSource clock, Duration staleness, Breaker breaker) {
    this.store = store;
    this.clock = clock;
    this.staleness = staleness;
    this.breaker = breaker;
    LocalChanges.KEYS.listen(this);
  }

  /** What is known of a digest without asking the store, fresh enough; null if it must be asked. */
  public @Nullable Known known(String digest) {
    if (breaker.isOpen()) {
      return remembered(digest);
    }
    return isFresh(checked, clock.instant()) ? current(digest) : null;
  }

  /** The key as it was last read, however long ago; null if it never was. */
  private @Nullable Known remembered(String digest) {
    Found found = keys.get(digest);
    return found == null ? null : new Known(found.key());
  }

  private @Nullable Known current(String digest) {
    long now = changes;
    Found found = keys.get(digest);
    if (found != null && found.changes() == now) {
      return new Known(found.key());
    }
    Long missed = unknown.get(digest);
    return missed != null && missed == now ? new Known(null) : null;
  }

  /**
   * The key that has or had a secret of this digest; asks the store where that is not known.
   *
   * @throws BackendException if the store is away and the key is not known
   */
  public Optional<AccessKey> find(String digest) {
    try {
      forgetIfStale();
      Known known = current(digest);
      return known != null ? known.found() : read(digest);
    } catch (BackendException e) {
      return whileAway(digest, e);
    }
  }

  /**
   * The key as it was last read.
   *
   * @throws BackendException {@code away} if that is another failure, or the key was never read
   */
  public Optional<AccessKey> whileAway(String digest, BackendException away) {
    Known known = Breaker.isOutage(away) ? remembered(digest) : null;
    if (known == null) {
      throw away;
    }
    return known.found();
  }

  // a key that was read before a change is not kept as one that was read after it
  private Optional<AccessKey> read(String digest) {
    long seen = changes;
    Optional<AccessKey> read = breaker.read(() -> store.find(digest));
    synchronized (this) {
      if (changes == seen) {
        read.ifPresentOrElse(
            key -> keys.put(digest, new Found(key, seen)), () -> unknown.put(digest, seen));
      }
    }
    return read;
  }

  private void forgetIfStale() {
    if (isFresh(checked, clock.instant())) {
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
    synchronized (this) {
      if (revision != checked.revision()) {
        changes++;
      }
      Checked latest = new Checked(revision, now);
      checked = latest;
      return latest;
    }
  }

  private boolean isFresh(Checked last, Instant now) {
    return !last.at().equals(Instant.MIN)
        && Duration.between(last.at(), now).abs().compareTo(staleness) <= 0;
  }

  /** Lets every accounting of this process know a key as it is from now on. */
  public static void changed(AccessKey before, AccessKey now) {
    LocalChanges.KEYS.tell(known -> known.replace(before, now));
  }

  /** Lets every accounting of this process ask again for what it did not find. */
  public static void added() {
    LocalChanges.KEYS.tell(KnownKeys::forgetUnknown);
  }

  // the present key takes the place of the former one, which would still count while the store is
  // away
  private synchronized void replace(AccessKey before, AccessKey now) {
    changes++;
    replace(before.digest(), now);
    FormerDigest former = before.former();
    if (former != null) {
      replace(former.digest(), now);
    }
  }

  private void replace(String digest, AccessKey now) {
    if (keys.get(digest) != null) {
      keys.put(digest, new Found(now, changes));
    }
  }

  private synchronized void forgetUnknown() {
    changes++;
  }
}
