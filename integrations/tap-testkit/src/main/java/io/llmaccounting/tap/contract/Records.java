package io.llmaccounting.tap.contract;

import io.llmaccounting.call.CallListener;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Hears what is recorded, and waits for it. Safe for use by many threads. */
final class Records implements CallListener {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final List<Usage> heard = new ArrayList<>();

  @Override
  public void recorded(Usage usage, Receipt receipt) {
    lock.lock();
    try {
      heard.add(usage);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The records, once there are so many. */
  List<Usage> await(int count) throws InterruptedException {
    lock.lock();
    try {
      long left = PATIENCE;
      while (heard.size() < count && left > 0) {
        left = more.awaitNanos(left);
      }
      if (heard.size() < count) {
        throw new AssertionError("%d calls were recorded, not %d".formatted(heard.size(), count));
      }
      return List.copyOf(heard);
    } finally {
      lock.unlock();
    }
  }

  /** The records until now. */
  List<Usage> all() {
    lock.lock();
    try {
      return List.copyOf(heard);
    } finally {
      lock.unlock();
    }
  }

  int count() {
    lock.lock();
    try {
      return heard.size();
    } finally {
      lock.unlock();
    }
  }
}
