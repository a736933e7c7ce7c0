package io.llmaccounting.internal.cache;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.internal.quota.LimitIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The limits, indexed. The ledger refuses operations that were matched with old limits, so booking
 * never uses stale ones; reading may use them for the stated time. Safe for use by many threads.
 */
public final class CurrentLimits {
  private final LimitStore store;
  private final InstantSource clock;
  private final Duration staleness;
  private final OneAsks one = new OneAsks();
  private final ReentrantLock loading = new ReentrantLock();
  private volatile @Nullable Loaded loaded;

  private record Loaded(LimitIndex index, Instant checked) {}

  /** Limits of {@code store}, checked by revision once they are older than {@code staleness}. */
  public CurrentLimits(LimitStore store, InstantSource clock, Duration staleness) {
    this.store = store;
    this.clock = clock;
    this.staleness = staleness;
  }

  /** The limits as last loaded; for the ledger, which checks their revision itself. */
  public LimitIndex current() {
    Loaded known = loaded;
    return known != null ? known.index() : reload();
  }

  /** The limits as last loaded, without asking the store; null if they never were. */
  public @Nullable LimitIndex known() {
    Loaded last = loaded;
    return last == null ? null : last.index();
  }

  /** The limits, at most as stale as stated. */
  public LimitIndex fresh() {
    LimitIndex known = ifFresh();
    return known != null ? known : one.ask(this::ifFresh, this::ask);
  }

  private @Nullable LimitIndex ifFresh() {
    Loaded known = loaded;
    return known != null
            && Duration.between(known.checked(), clock.instant()).abs().compareTo(staleness) <= 0
        ? known.index()
        : null;
  }

  private LimitIndex ask() {
    Loaded known = loaded;
    Instant now = clock.instant();
    return known == null || store.revision() != known.index().revision()
        ? reload()
        : confirmed(known, now);
  }

  // never in place of limits that were loaded meanwhile
  private LimitIndex confirmed(Loaded known, Instant now) {
    loading.lock();
    try {
      Loaded latest = loaded;
      if (latest != null && !latest.equals(known)) {
        return latest.index();
      }
      loaded = new Loaded(known.index(), now);
      return known.index();
    } finally {
      loading.unlock();
    }
  }

  /** Loads the limits anew. */
  public LimitIndex reload() {
    loading.lock();
    try {
      Instant now = clock.instant();
      AllLimits limits = store.load();
      Loaded known = loaded;
      LimitIndex index =
          known != null && known.index().revision() == limits.revision()
              ? known.index()
              : new LimitIndex(limits);
      loaded = new Loaded(index, now);
      return index;
    } finally {
      loading.unlock();
    }
  }
}
