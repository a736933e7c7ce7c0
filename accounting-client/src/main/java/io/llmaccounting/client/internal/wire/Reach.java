package io.llmaccounting.client.internal.wire;

import io.llmaccounting.health.Health;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server is asked: it is left alone for a while after it has failed, longer each time.
 * Safe for use by many threads.
 */
public final class Reach {
  private static final int MOST_UNSURE = 3;
  private static final long FIRST_NANOS = 100_000_000L;
  private static final long LONGEST_NANOS = 10_000_000_000L;

  private final ReentrantLock lock = new ReentrantLock();
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Consumer<Health.Store> changed;
  private Health.Store state;
  private int failures;
  private long retryAt;

  /** Tells {@code changed} when the server goes away and comes back; it must not block. */
  public Reach(
      InstantSource clock,
      LongSupplier nanos,
      RandomGenerator random,
      Consumer<Health.Store> changed) {
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
    this.changed = changed;
    this.state = new Health.Store(Health.Breaker.CLOSED, clock.instant(), null);
  }

  /** How it is. */
  public Health.Store state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** True while the server is left alone, or being tried. */
  public boolean isOpen() {
    return state().breaker() != Health.Breaker.CLOSED;
  }

  /** True if the server may be asked now; once after a failure, whoever asks then tries for all. */
  public boolean mayAsk() {
    lock.lock();
    try {
      if (state.breaker() == Health.Breaker.CLOSED) {
        return true;
      }
      if (state.breaker() == Health.Breaker.HALF_OPEN || nanos.getAsLong() - retryAt < 0) {
        return false;
      }
      state = new Health.Store(Health.Breaker.HALF_OPEN, state.since(), state.reason());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How long until the server may be tried again; 0 if it may be asked. */
  public long nanosLeft() {
    lock.lock();
    try {
      return switch (state.breaker()) {
        case CLOSED -> 0;
        case OPEN -> Math.max(0, retryAt - nanos.getAsLong());
        case HALF_OPEN -> FIRST_NANOS;
      };
    } finally {
      lock.unlock();
    }
  }

  /** The server has answered. */
  public void worked() {
    Health.Store now = null;
    lock.lock();
    try {
      failures = 0;
      if (state.breaker() != Health.Breaker.CLOSED) {
        now = new Health.Store(Health.Breaker.CLOSED, clock.instant(), null);
        state = now;
      }
    } finally {
      lock.unlock();
    }
    tell(now);
  }

  /** The server was not reached, or does not work; {@code problem} is about all of it. */
  public void failed(ProblemException problem) {
    Health.Store now = null;
    lock.lock();
    try {
      failures = Math.min(failures + 1, 20);
      boolean wasClosed = state.breaker() == Health.Breaker.CLOSED;
      boolean opens =
          !wasClosed || problem.kind() != ProblemException.Kind.UNSURE || failures >= MOST_UNSURE;
      if (opens) {
        retryAt = nanos.getAsLong() + wait(problem.retryAfter());
        state =
            new Health.Store(
                Health.Breaker.OPEN,
                wasClosed ? clock.instant() : state.since(),
                String.valueOf(problem.getMessage()));
        now = wasClosed ? state : null;
      }
    } finally {
      lock.unlock();
    }
    tell(now);
  }

  private long wait(@Nullable Duration asked) {
    long bound = Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(failures - 1, 16));
    long own = bound / 2 + random.nextLong(bound);
    return asked == null ? own : asked.toNanos() + random.nextLong(FIRST_NANOS);
  }

  private void tell(Health.@Nullable Store now) {
    if (now != null) {
      changed.accept(now);
    }
  }
}
