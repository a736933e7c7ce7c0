package io.llmaccounting.internal.health;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which code of the application hears what no caller of its own has brought. It ends
 * while there is no news. Safe for use by many threads.
 */
public final class NewsThread {
  private static final long IDLE_SECONDS = 60;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::made);
  // the thread is made anew after it was idle, by whoever comes first: it inherits nothing of them
  private final @Nullable ClassLoader classes = Thread.currentThread().getContextClassLoader();
  private volatile @Nullable Thread here;

  private final String name;

  /** Has no thread before there is news; {@code name} is the thread's. */
  public NewsThread(String name) {
    this.name = name;
    thread.allowCoreThreadTimeOut(true);
  }

  private Thread made(Runnable task) {
    Thread made = new Thread(null, task, name, 0, false);
    made.setDaemon(true);
    made.setContextClassLoader(classes);
    here = made;
    return made;
  }

  /** True on this thread. */
  public boolean isHere() {
    return Thread.currentThread() == here;
  }

  /** Runs {@code task} after what waits; false if this is closed, or no thread can be had. */
  public boolean later(Runnable task) {
    try {
      thread.execute(task);
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      return false;
    }
  }

  /** Waits until what was given before is told, at most for so long; not on this thread itself. */
  public void await(Duration most) {
    CountDownLatch told = new CountDownLatch(1);
    if (isHere() || !later(told::countDown)) {
      return;
    }
    try {
      boolean unused = told.await(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells what waits, at most for so long, then ends; false if it took longer. */
  public boolean close(Duration most) {
    thread.shutdown();
    // whoever closes here is the last to hear anything
    if (isHere() || hasEnded(most)) {
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
