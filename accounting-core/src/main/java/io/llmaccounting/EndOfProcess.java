package io.llmaccounting;

import io.llmaccounting.internal.health.Failures;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Lets an accounting that nobody closed store what waits in memory before the JVM ends. It closes
 * nothing: what else ends at that moment may still record, and frameworks close by themselves. Safe
 * for use by many threads.
 */
final class EndOfProcess {
  private final AtomicReference<Runnable> last;
  private final Consumer<RuntimeException> told;
  private final Thread hook;

  private EndOfProcess(Runnable last, Consumer<RuntimeException> told) {
    this.told = told;
    this.last = new AtomicReference<>(last);
    this.hook = new Thread(this::run, "llm-accounting-exit");
  }

  /**
   * Runs {@code last} when the JVM ends, unless that is cancelled before.
   *
   * @param told hears what {@code last} has thrown
   */
  static EndOfProcess before(Runnable last, Consumer<RuntimeException> told) {
    EndOfProcess end = new EndOfProcess(last, told);
    try {
      Runtime.getRuntime().addShutdownHook(end.hook);
    } catch (IllegalStateException e) {
      // The JVM ends already: an accounting that is made now is not waited for, and says so if it
      // cannot store something.
      end.last.set(null);
    }
    return end;
  }

  private void run() {
    Runnable now = last.getAndSet(null);
    if (now != null) {
      try {
        now.run();
      } catch (Throwable e) {
        told.accept(Failures.of(e));
      }
    }
  }

  /** Forgets the task, because nothing is left to do when the JVM ends. */
  void cancel() {
    last.set(null);
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM ends, and the hook finds nothing to do.
    }
  }
}
