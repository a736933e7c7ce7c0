package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.health.Worker;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Does several pieces of work at the same time, together with a few threads that end by themselves
 * while there is nothing to do. Confined to one thread.
 */
final class AtOnce implements AutoCloseable {
  // each needs a connection: half of those that a pool has if nobody says otherwise
  private static final int MOST = 4;
  private static final long IDLE_SECONDS = 60;

  private final ThreadPoolExecutor others =
      new ThreadPoolExecutor(
          MOST - 1,
          MOST - 1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Worker.factory("llm-accounting-places"));

  /** Starts no thread before there is something to do. */
  AtOnce() {
    others.allowCoreThreadTimeOut(true);
  }

  /** Does all of {@code work}, which throws nothing; returns when everything is done. */
  void run(List<? extends Runnable> work) {
    Queue<Runnable> left = new ConcurrentLinkedQueue<>(work);
    CountDownLatch done = new CountDownLatch(work.size());
    Runnable share =
        () -> {
          for (Runnable next = left.poll(); next != null; next = left.poll()) {
            next.run();
            done.countDown();
          }
        };
    try {
      for (int i = 1; i < Math.min(MOST, work.size()); i++) {
        others.execute(share);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      // no thread can be had: what the others do not take is done here, one after the other
    }
    share.run();
    await(done);
  }

  // through interrupts: transactions under way cannot be called back
  private static void await(CountDownLatch done) {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does nothing more on other threads. */
  @Override
  public void close() {
    others.shutdown();
  }
}
