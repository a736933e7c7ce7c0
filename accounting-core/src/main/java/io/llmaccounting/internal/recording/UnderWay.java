package io.llmaccounting.internal.recording;

import io.llmaccounting.internal.ledger.Stages;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Counts what has begun and has not come to its end, so that a close can wait for it. Safe for use
 * by many threads.
 */
final class UnderWay {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private int count;

  /** Counts {@code work} until its stage is completed; returns one that is completed after that. */
  <T> CompletableFuture<T> count(Supplier<CompletableFuture<T>> work) {
    add(1);
    return Stages.of(work).whenComplete((value, error) -> add(-1));
  }

  private void add(int more) {
    lock.lock();
    try {
      count += more;
      if (count == 0) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is under way, at most for so long, through interrupts. */
  void await(Duration most) {
    boolean interrupted = false;
    long end = System.nanoTime() + most.toNanos();
    lock.lock();
    try {
      for (long left = most.toNanos(); count > 0 && left > 0; left = end - System.nanoTime()) {
        try {
          long unused = none.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.unlock();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
