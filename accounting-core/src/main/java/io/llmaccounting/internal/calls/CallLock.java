package io.llmaccounting.internal.calls;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Guards what is told of one call. Never held while the store is waited for, nor while code of the
 * application runs: that may wait for another thread which tells of the same call.
 */
final class CallLock {
  private final ReentrantLock lock = new ReentrantLock();

  <T extends @Nullable Object> T get(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  void run(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }
}
