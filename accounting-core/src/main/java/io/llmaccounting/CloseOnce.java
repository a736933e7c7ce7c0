package io.llmaccounting;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first caller close, and the others wait for it: they may close next what the accounting
 * stands on. Safe for use by many threads.
 */
final class CloseOnce {
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final BooleanSupplier isAwaited;
  private volatile @Nullable Thread closing;

  /** {@code isAwaited} says whether the first waits for the thread that asks. */
  CloseOnce(BooleanSupplier isAwaited) {
    this.isAwaited = isAwaited;
  }

  /**
   * Runs {@code close} if nobody has before. Code of the application that it runs itself, or waits
   * for, returns at once.
   *
   * @param patience how long others wait for the first
   */
  void run(Runnable close, Duration patience) {
    if (closed.getAndSet(true)) {
      if (closing != Thread.currentThread() && !isAwaited.getAsBoolean()) {
        await(patience);
      }
      return;
    }
    closing = Thread.currentThread();
    try {
      close.run();
    } finally {
      closing = null;
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
