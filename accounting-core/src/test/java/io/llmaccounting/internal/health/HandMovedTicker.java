package io.llmaccounting.internal.health;

import static io.llmaccounting.testing.Eventually.eventually;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/** A ticker that stands still until it is moved. Whoever pauses goes on at once. */
public final class HandMovedTicker implements Ticker {
  private static final long LOOK_AGAIN_NANOS = 1_000_000;

  private final AtomicLong now = new AtomicLong();
  private final Map<Thread, Wait> waits = new ConcurrentHashMap<>();
  private final Collection<Long> pauses = new ConcurrentLinkedQueue<>();

  private record Wait(long begun, long nanos) {
    long left(long now) {
      return nanos - (now - begun);
    }
  }

  @Override
  public long nanoTime() {
    return now.get();
  }

  // as if woken for no reason from time to time: whoever waits has to look again anyway
  @Override
  public long await(Condition condition, long nanos) throws InterruptedException {
    Wait wait = new Wait(now.get(), nanos);
    waits.put(Thread.currentThread(), wait);
    if (wait.left(now.get()) > 0) {
      long unused = condition.awaitNanos(LOOK_AGAIN_NANOS);
    }
    return wait.left(now.get());
  }

  @Override
  public void pause(long nanos) {
    pauses.add(nanos);
  }

  /** Moves it. */
  public void advance(long nanos) {
    now.addAndGet(nanos);
  }

  /** Returns once somebody has begun to wait for exactly {@code nanos} and has to wait for all. */
  public void awaitWaitFor(long nanos) {
    eventually(
        "somebody waits for " + nanos + " ns",
        () -> waits.values().stream().anyMatch(wait -> wait.left(now.get()) == nanos));
  }

  /** The pauses that were taken, in order. */
  public List<Long> pauses() {
    return List.copyOf(pauses);
  }
}
