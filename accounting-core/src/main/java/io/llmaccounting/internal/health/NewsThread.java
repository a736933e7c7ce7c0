package io.llmaccounting.internal.health;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread on which code of the application hears what no caller of its own has brought. It ends
 * while there is no news. Safe for use by many threads.
 */
public final class NewsThread {
  private static final long IDLE_SECONDS = 60;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread made = new Thread(task, "llm-accounting-events");
            made.setDaemon(true);
            return made;
          });

  NewsThread() {
    thread.allowCoreThreadTimeOut(true);
  }

  /** Runs {@code task} after what waits; false if this is closed. */
  public boolean later(Runnable task) {
    try {
      thread.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Tells what waits, at most for so long, then ends; false if it took longer. */
  public boolean close(Duration most) {
    thread.shutdown();
    if (hasEnded(most)) {
      return true;
    }
    List<Runnable> unused = thread.shutdownNow();
    return false;
  }

  // interrupts do not end the waiting: alerts that wait are delivered all the same
  private boolean hasEnded(Duration most) {
    boolean interrupted = false;
    long end = System.nanoTime() + most.toNanos();
    try {
      while (true) {
        try {
          return thread.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
