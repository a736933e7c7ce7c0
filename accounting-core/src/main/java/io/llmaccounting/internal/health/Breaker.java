package io.llmaccounting.internal.health;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.health.Health;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls away from a store that cannot be reached, or has failed several times in a row, and
 * lets it be tried again after pauses that grow. Safe for use by many threads.
 */
public final class Breaker {
  /**
   * How many failures in a row open the breaker. One is enough right after it was closed, and where
   * nothing answers at the store's address.
   */
  static final int FAILURES_TO_OPEN = 5;

  /** Failures further apart than this are not in a row. */
  static final Duration RECENT = Duration.ofMinutes(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int TRIES_WITHIN_A_TIMEOUT = 4;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Ticker ticker;
  private final Consumer<Health.Store> told;
  private final Duration longestPause;
  private final ReentrantLock lock = new ReentrantLock();
  // A store that can be read but not written must open the breaker too: reads that succeed do not
  // prove that writes do.
  private final InARow writes = new InARow();
  private final InARow reads = new InARow();
  private volatile boolean onProbation;
  private volatile boolean answering;
  private Duration pause = FIRST_PAUSE;
  private long tryAtNanos;
  private volatile @Nullable BackendException cause;
  private volatile Health.Store state;

  /**
   * A closed breaker.
   *
   * @param clock says since when it stands as it does
   * @param ticker says when the store may be tried again
   * @param random lets processes try at different times
   * @param timeout how long callers wait: the store is tried several times meanwhile
   * @param told hears when it opens and when it closes, in order; must not block
   */
  public Breaker(
      InstantSource clock,
      Ticker ticker,
      RandomGenerator random,
      Duration timeout,
      Consumer<Health.Store> told) {
    this.clock = clock;
    this.ticker = ticker;
    this.random = random;
    this.told = told;
    Duration often = timeout.dividedBy(TRIES_WITHIN_A_TIMEOUT);
    this.longestPause = often.compareTo(LONGEST_PAUSE) < 0 ? often : LONGEST_PAUSE;
    this.state = new Health.Store(Health.Breaker.CLOSED, now(), null);
  }

  /**
   * Counts failures in a row, each soon after the one before. Used with the breaker's lock held.
   */
  private static final class InARow {
    private volatile int count;
    private Instant last = Instant.MIN;

    int more(Instant now) {
      boolean isRecent = Duration.between(last, now).compareTo(RECENT) <= 0;
      last = now;
      count = isRecent ? count + 1 : 1;
      return count;
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * True if {@code error} says that the store as a whole cannot be used now, and not only that it
   * refuses this request. A failure of another store says nothing about this one.
   */
  public static boolean isOutage(RuntimeException error) {
    return error instanceof BackendException backend
        && backend.origin() == BackendException.Origin.STORE
        && (backend.isPassing() || backend.kind() == BackendException.Kind.UNUSABLE);
  }

  /**
   * True if the last that was heard of the store is that it committed or answered a try. That the
   * breaker is closed does not prove it: perhaps nothing was asked yet, or too few requests have
   * failed.
   */
  public boolean isAnswering() {
    return answering;
  }

  /** True while nothing is to be sent to the store. */
  public boolean isOpen() {
    return cause != null;
  }

  /** The state of the breaker. */
  public Health.Store state() {
    return state;
  }

  /** Notes that the store failed. */
  public void failed(BackendException error) {
    failed(error, writes);
  }

  /** Notes that the store could not be read. */
  public void failedToRead(BackendException error) {
    failed(error, reads);
  }

  private void failed(BackendException error, InARow inARow) {
    lock.lock();
    try {
      answering = false;
      if (cause != null) {
        tryLater();
        state = new Health.Store(Health.Breaker.OPEN, state.since(), error.getMessage());
      } else if (error.kind() != BackendException.Kind.BUSY) {
        int failures = inARow.more(clock.instant());
        boolean isKnown = error.kind() == BackendException.Kind.UNREACHABLE || onProbation;
        if (isKnown || failures >= FAILURES_TO_OPEN) {
          open(error);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the store could not even be opened. */
  public void isAway(BackendException error) {
    lock.lock();
    try {
      answering = false;
      open(error);
    } finally {
      lock.unlock();
    }
  }

  private void open(BackendException error) {
    tryLater();
    cause = error;
    state = new Health.Store(Health.Breaker.OPEN, now(), error.getMessage());
    told.accept(state);
  }

  // a store that fails again right after it answered is left alone for longer than the first time
  private void tryLater() {
    long nanos = Math.max(1, (pause.compareTo(longestPause) < 0 ? pause : longestPause).toNanos());
    tryAtNanos = ticker.nanoTime() + nanos / 2 + random.nextLong(nanos);
    pause = pause.multipliedBy(2);
    if (pause.compareTo(longestPause) > 0) {
      pause = longestPause;
    }
  }

  /** Notes that work was committed. */
  public void worked() {
    if (writes.count == 0 && reads.count == 0 && !onProbation && answering) {
      return;
    }
    lock.lock();
    try {
      writes.count = 0;
      reads.count = 0;
      if (cause == null) {
        onProbation = false;
        pause = FIRST_PAUSE;
      }
    } finally {
      lock.unlock();
    }
    answered();
  }

  /** Notes that the store answers again. */
  public void answered() {
    lock.lock();
    try {
      answering = true;
      if (cause != null) {
        cause = null;
        writes.count = 0;
        reads.count = 0;
        onProbation = true;
        state = new Health.Store(Health.Breaker.CLOSED, now(), null);
        told.accept(state);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Shows that the store is being tried. */
  public void trying() {
    lock.lock();
    try {
      if (cause != null) {
        state = new Health.Store(Health.Breaker.HALF_OPEN, state.since(), state.reason());
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns what {@code work} reads from the store, unless the store is known to be away.
   *
   * @throws BackendException if the store cannot be read, at once while it is open
   */
  public <T> T read(Supplier<T> work) {
    T read = readOrRecall(work);
    if (reads.count != 0) {
      lock.lock();
      try {
        reads.count = 0;
      } finally {
        lock.unlock();
      }
    }
    return read;
  }

  /**
   * Reads a value that may be known without asking the store, so that reading it proves nothing
   * about the store.
   *
   * @throws BackendException if the store cannot be read, at once while it is open
   */
  public <T> T readOrRecall(Supplier<T> work) {
    if (isOpen()) {
      throw refusal();
    }
    try {
      return work.get();
    } catch (BackendException e) {
      if (isOutage(e)) {
        failed(e, reads);
      }
      throw e;
    }
  }

  /** How long to wait before the store is tried again; 0 or less if it is time. */
  public long nanosToTry() {
    lock.lock();
    try {
      return tryAtNanos - ticker.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** The failure that callers are told of at once while the breaker is open. */
  public BackendException refusal() {
    return new BackendException(
        BackendException.Kind.UNAVAILABLE,
        "the store has not been reachable since %s; it is tried again from time to time, nothing was sent"
            .formatted(state.since()),
        cause);
  }
}
