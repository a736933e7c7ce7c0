package io.llmaccounting.internal.recording;

import io.llmaccounting.internal.health.Ticker;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Pauses between tries that grow up to a bound and differ by chance, until another thread ends
 * them. One thread pauses; safe for use by many threads.
 */
public final class Backoff {
  private static final long FIRST_NANOS = 20_000_000;
  private static final long LONGEST_NANOS = 1_000_000_000;

  private final RandomGenerator random;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ending = lock.newCondition();
  private volatile boolean ended;

  /** Pauses by {@code ticker}. */
  public Backoff(RandomGenerator random, Ticker ticker) {
    this.random = random;
    this.ticker = ticker;
  }

  /** Pauses before the try that follows {@code tries} others; not once this is ended. */
  void pause(int tries) {
    long bound = Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(tries - 1, 16));
    long left = bound / 2 + random.nextLong(bound);
    lock.lock();
    try {
      while (left > 0 && !ended) {
        left = ticker.await(ending, left);
      }
    } catch (InterruptedException e) {
      // the thread is our own: an interrupt only shortens this pause
    } finally {
      lock.unlock();
    }
  }

  boolean isEnded() {
    return ended;
  }

  /** Ends the pause that is under way, and all later ones at once. */
  void end() {
    lock.lock();
    try {
      ended = true;
      ending.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
