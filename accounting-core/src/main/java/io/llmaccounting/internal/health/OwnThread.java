package io.llmaccounting.internal.health;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A thread of the accounting's own. It ends when its work is done and for no other reason: work
 * that breaks off, whatever it throws, is told and taken up again. Safe for use by many threads.
 */
public final class OwnThread {
  private static final long FIRST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;
  private static final int MOST_TELLINGS = 3;

  private final Runnable work;
  private final Consumer<RuntimeException> told;
  private final Thread thread;

  /**
   * A thread that was not started.
   *
   * @param work may be run again after it has thrown, so it must find again what it has begun
   * @param told hears what {@code work} has thrown
   */
  public OwnThread(String name, Runnable work, Consumer<RuntimeException> told) {
    this.work = work;
    this.told = told;
    this.thread = new Worker(this::run, name, true);
  }

  /** Starts it. */
  public void start() {
    thread.start();
  }

  private void run() {
    long pause = FIRST_PAUSE_NANOS;
    Throwable untold = null;
    int tellings = 0;
    while (true) {
      try {
        if (untold != null && tellings < MOST_TELLINGS) {
          tellings++;
          tell(untold);
        }
        // after some tries the work goes on untold: it does not wait for ever for a handler that
        // fails
        untold = null;
        tellings = 0;
        work.run();
        return;
      } catch (Throwable e) {
        // errors of the machine are caught too: whoever waits for this thread would wait for ever
        untold = e;
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
    }
  }

  private void tell(Throwable error) {
    told.accept(
        new IllegalStateException(
            "%s broke off and goes on: %s".formatted(thread.getName(), error), error));
  }

  /** True until its work is done. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /**
   * Waits until the thread has ended, also through interrupts, because its work still needs what
   * the caller is about to close.
   *
   * @return false if it has not ended within {@code nanos}
   */
  public boolean join(long nanos) {
    boolean interrupted = false;
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && thread.isAlive(); left = end - System.nanoTime()) {
      try {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
