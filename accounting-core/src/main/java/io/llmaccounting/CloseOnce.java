package io.llmaccounting;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets the first caller close, and the others wait for it: they may close next what the accounting
 * stands on. Safe for use by many threads.
 */
final class CloseOnce {
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Runs {@code close} if nobody has before.
   *
   * @param patience how long others wait for the first
   */
  void run(Runnable close, Duration patience) {
    if (closed.getAndSet(true)) {
      await(patience);
      return;
    }
    try {
      close.run();
    } finally {
      ended.countDown();
    }
  }

  private void await(Duration patience) {
    try {
      boolean unused = ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
