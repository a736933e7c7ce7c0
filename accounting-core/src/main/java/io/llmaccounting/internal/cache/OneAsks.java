package io.llmaccounting.internal.cache;

import io.llmaccounting.backend.BackendException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread ask where many find the same value stale at once; the others wait and take its
 * answer, or its failure. Safe for use by many threads.
 */
final class OneAsks {
  private final ReentrantLock asking = new ReentrantLock();
  private final AtomicLong answers = new AtomicLong();
  private @Nullable BackendException failure;

  /**
   * Returns what is known, or asks.
   *
   * @param known returns what is known by now; null while that is stale
   * @param question asked where nothing is known
   */
  <T> T ask(Supplier<@Nullable T> known, Supplier<T> question) {
    long before = answers.get();
    asking.lock();
    try {
      T meanwhile = known.get();
      if (meanwhile != null) {
        return meanwhile;
      }
      if (answers.get() != before && failure != null) {
        throw failure.anew();
      }
      return asked(question);
    } finally {
      asking.unlock();
    }
  }

  private <T> T asked(Supplier<T> question) {
    failure = null;
    try {
      return question.get();
    } catch (BackendException e) {
      failure = e;
      throw e;
    } finally {
      answers.incrementAndGet();
    }
  }
}
