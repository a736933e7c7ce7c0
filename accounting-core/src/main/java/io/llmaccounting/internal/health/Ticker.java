package io.llmaccounting.internal.health;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/**
 * Time as it passes for the accounting's own threads and for those who wait for them: it only goes
 * on, whatever the wall clock does. Safe for use by many threads.
 */
public interface Ticker {
  /** The machine's. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        // whoever asks for it looks again what it waited for
        @SuppressWarnings("WaitNotInLoop")
        @Override
        public long await(Condition condition, long nanos) throws InterruptedException {
          return condition.awaitNanos(nanos);
        }

        @Override
        public void pause(long nanos) {
          LockSupport.parkNanos(nanos);
        }
      };

  /** Nanoseconds since some instant. */
  long nanoTime();

  /**
   * Waits for a signal, at most {@code nanos}; returns as {@link Condition#awaitNanos} does.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  long await(Condition condition, long nanos) throws InterruptedException;

  /** Does nothing for about {@code nanos}, or shorter. */
  void pause(long nanos);
}
