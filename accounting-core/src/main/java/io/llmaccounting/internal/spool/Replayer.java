package io.llmaccounting.internal.spool;

import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.OwnThread;
import io.llmaccounting.internal.health.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings the calls that wait in the spool to the ledger while that can be reached. One chunk at a
 * time is under way, in the same queue as all other work, so that new calls are not kept waiting.
 * One thread of its own; everything else is safe for many threads.
 */
public final class Replayer {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final ReplayRound round;
  private final Breaker breaker;
  private final Failures failures;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final OwnThread thread;
  private boolean awake;
  private boolean closed;

  /** Makes a replayer that has not begun. */
  public Replayer(ReplayRound round, Breaker breaker, Failures failures, Ticker ticker) {
    this.round = round;
    this.breaker = breaker;
    this.failures = failures;
    this.ticker = ticker;
    this.thread = new OwnThread("llm-accounting-replay", this::serve, failures::brokeOff);
  }

  /** Begins, with the calls that an earlier process left. */
  public void start() {
    thread.start();
  }

  /** Wakes the thread, because something was spooled or the store is back. */
  public void wake() {
    lock.lock();
    try {
      awake = true;
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    while (!isClosed()) {
      boolean more = false;
      try {
        more = !breaker.isOpen() && round.run();
        failures.worked(Failures.Consequence.NOT_REPLAYED);
      } catch (Throwable e) {
        failures.contain(Failures.Consequence.NOT_REPLAYED, Failures.of(e));
      }
      if (!more) {
        pause();
      }
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void pause() {
    lock.lock();
    try {
      long left = LOOK_AGAIN.toNanos();
      while (left > 0 && !awake && !closed) {
        left = ticker.await(news, left);
      }
      awake = false;
    } catch (InterruptedException e) {
      // the thread is the replayer's own: an interrupt only shortens this pause
    } finally {
      lock.unlock();
    }
  }

  /** Ends after the chunk that is under way; calls that wait are left for the next start. */
  public void close(Duration deadline) {
    lock.lock();
    try {
      closed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
    boolean unused = thread.join(deadline.toNanos());
  }
}
