package io.llmaccounting.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** faults A10, G10. */
class OwnThreadTest {
  private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

  private final ConcurrentLinkedQueue<RuntimeException> told = new ConcurrentLinkedQueue<>();

  @Test
  @DisplayName("faults A10: whatever work throws is told, and the work is taken up again")
  void whateverWorkThrowsIsToldAndItGoesOn() {
    List<Throwable> thrown =
        List.of(
            new StackOverflowError("deep"),
            new OutOfMemoryError("full"),
            new AssertionError("wrong"),
            new IllegalStateException("odd"));
    AtomicInteger runs = new AtomicInteger();
    OwnThread thread =
        new OwnThread(
            "t",
            () -> {
              int run = runs.getAndIncrement();
              if (run < thrown.size()) {
                OwnThreadTest.<RuntimeException>sneak(thrown.get(run));
              }
            },
            told::add);

    thread.start();

    assertThat(thread.join(PATIENCE)).isTrue();
    assertThat(runs).hasValue(5);
    assertThat(told).extracting(Throwable::getCause).containsExactlyElementsOf(thrown);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable error) throws E {
    throw (E) error;
  }

  @Test
  @DisplayName("faults A10: a listener of failures that fails too does not end the thread")
  void tellingThatFailsIsTriedAgain() {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger tellings = new AtomicInteger();
    OwnThread thread =
        new OwnThread(
            "t",
            () -> {
              if (runs.getAndIncrement() == 0) {
                throw new IllegalStateException("odd");
              }
            },
            error -> {
              if (tellings.getAndIncrement() == 0) {
                throw new StackOverflowError("told too deep");
              }
              told.add(error);
            });

    thread.start();

    assertThat(thread.join(PATIENCE)).isTrue();
    assertThat(runs).hasValue(2);
    assertThat(told).hasSize(1);
  }

  @Test
  @DisplayName("faults A10: whoever waits for its end waits through interrupts")
  void joiningGoesOnThroughInterrupts() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    OwnThread thread = new OwnThread("t", () -> await(mayEnd), told::add);
    thread.start();
    AtomicInteger seen = new AtomicInteger();
    Thread closer =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              interrupted.countDown();
              boolean ended = thread.join(PATIENCE);
              seen.set((ended ? 1 : 0) + (Thread.currentThread().isInterrupted() ? 2 : 0));
            });
    closer.start();
    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    mayEnd.countDown();
    closer.join();

    assertThat(seen).hasValue(3);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
