package io.llmaccounting.internal.health;

import java.util.concurrent.ThreadFactory;

/**
 * A thread that does work of the accounting's own, which others wait for: code of the application
 * that may wait does not belong on it. It keeps no process alive.
 */
public final class Worker extends Thread {
  Worker(Runnable task, String name, boolean inherits) {
    super(null, task, name, 0, inherits);
    setDaemon(true);
  }

  /** Makes such threads, which inherit nothing of whoever happens to need them first. */
  public static ThreadFactory factory(String name) {
    return task -> new Worker(task, name, false);
  }

  /** Makes such threads, which see classes and inherit values as whoever needs them first does. */
  public static ThreadFactory heirs(String name) {
    return task -> new Worker(task, name, true);
  }

  /** True on such a thread. */
  public static boolean isHere() {
    return Thread.currentThread() instanceof Worker;
  }
}
