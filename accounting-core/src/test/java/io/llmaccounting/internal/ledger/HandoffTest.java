package io.llmaccounting.internal.ledger;

import static io.llmaccounting.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandoffTest {
  private static final long PATIENCE_SECONDS = 10;

  private final BlockingQueue<Runnable> taken = new LinkedBlockingQueue<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean full;

  private void take(Runnable task) {
    if (full) {
      refused.incrementAndGet();
      throw new RejectedExecutionException("no room");
    }
    taken.add(task);
  }

  private Runnable next() throws InterruptedException {
    Runnable next = taken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(next).as("what the executor has taken").isNotNull();
    return next;
  }

  @Test
  void workThatWasTakenBeforeARefusalDoesNotSayThatWorkIsTakenAgain() throws Exception {
    try (Handoff handoff =
        new Handoff(this::take, error -> told.add("refused"), () -> told.add("again"))) {
      handoff.execute(() -> {});
      Runnable before = next();
      full = true;
      CountDownLatch ranElsewhere = new CountDownLatch(1);
      handoff.execute(ranElsewhere::countDown);
      assertThat(ranElsewhere.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

      before.run();
      assertThat(told).containsExactly("refused");

      full = false;
      handoff.execute(() -> {});
      next().run();
      eventually("work is taken again", () -> told.contains("again"));
      assertThat(told).containsExactly("refused", "again");
    }
  }

  @Test
  void aRefusalAfterWorkWasTakenAgainIsToldAfterThat() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    try (Handoff handoff =
        new Handoff(
            this::take,
            error -> told.add("refused"),
            () -> {
              await(slow);
              told.add("again");
            })) {
      full = true;
      handoff.execute(() -> {});
      eventually("it is refused", () -> told.contains("refused"));
      full = false;
      handoff.execute(() -> {});
      next().run();

      full = true;
      CountDownLatch ranElsewhere = new CountDownLatch(1);
      handoff.execute(ranElsewhere::countDown);
      eventually("it is refused too", () -> refused.get() == 2);
      full = false;
      handoff.execute(() -> {});
      next().run();
      slow.countDown();

      assertThat(ranElsewhere.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      eventually("work is taken again", () -> told.size() == 4);
      assertThat(told).containsExactly("refused", "again", "refused", "again");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
