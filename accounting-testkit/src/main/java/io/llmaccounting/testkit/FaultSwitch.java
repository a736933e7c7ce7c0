package io.llmaccounting.testkit;

import io.llmaccounting.backend.BackendException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets the calls of a backend or spool pass: one at a time, none once it is closed, and none while
 * it is told to fail. Safe for use by many threads.
 */
final class FaultSwitch {
  private final String what;
  private final ReentrantLock lock;
  private boolean closed;
  private boolean down;
  private int failures;
  private boolean losesNextAnswer;

  FaultSwitch(String what, ReentrantLock lock) {
    this.what = what;
    this.lock = lock;
  }

  <T> T enter(Supplier<T> work) {
    lock.lock();
    try {
      checkOpen();
      checkUp();
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs work as {@link #enter} does, but may fail after the work, so that the caller does not
   * learn that it succeeded.
   */
  void commit(Runnable work) {
    enter(
        () -> {
          work.run();
          if (losesNextAnswer) {
            losesNextAnswer = false;
            throw unavailable("the answer of a commit was lost, as the test asked");
          }
          return true;
        });
  }

  void requireOpen() {
    locked(this::checkOpen);
  }

  void close() {
    locked(() -> closed = true);
  }

  void down(boolean isDown) {
    locked(() -> down = isDown);
  }

  void failNext(int calls) {
    locked(() -> failures = calls);
  }

  void loseNextAnswer() {
    locked(() -> losesNextAnswer = true);
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new BackendException(
          BackendException.Kind.CLOSED, "the in-memory " + what + " is closed; open another one");
    }
  }

  private void checkUp() {
    if (down) {
      throw unavailable("the in-memory " + what + " is down until the test lets it recover");
    }
    if (failures > 0) {
      failures--;
      throw unavailable("the in-memory " + what + " failed, as the test asked");
    }
  }

  private static BackendException unavailable(String message) {
    return new BackendException(BackendException.Kind.UNAVAILABLE, message);
  }
}
