package io.llmaccounting.client.internal.health;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The thread on which the application hears what no call of its own has brought. */
public final class NewsThread {
  private static final int MOST = 1_000;

  private final ThreadPoolExecutor thread;

  /** Begins with the first news. */
  public NewsThread() {
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST),
            task -> {
              Thread made = new Thread(task, "llm-accounting-client-news");
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /** Tells it later; false where too much waits already, or this is closed. */
  public boolean later(Runnable news) {
    try {
      thread.execute(news);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Tells what waits, at most for so long. */
  public void close(Duration most) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
