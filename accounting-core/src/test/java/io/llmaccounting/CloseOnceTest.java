package io.llmaccounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CloseOnceTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final AtomicInteger closes = new AtomicInteger();
  private volatile boolean awaited;
  private final CloseOnce once = new CloseOnce(() -> awaited);

  private static void inTime(Runnable task) throws Exception {
    FutureTask<Boolean> run = new FutureTask<>(task, true);
    Thread thread = new Thread(run);
    thread.setDaemon(true);
    thread.start();
    assertThat(run.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theSecondWaitsForTheFirst() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Thread first =
        new Thread(
            () ->
                once.run(
                    () -> {
                      begun.countDown();
                      awaitQuietly(mayEnd);
                      closes.incrementAndGet();
                    },
                    LONG));
    first.start();
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    Thread second = new Thread(() -> once.run(closes::incrementAndGet, LONG));
    second.start();
    while (second.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    mayEnd.countDown();
    second.join();

    assertThat(closes).hasValue(1);
    first.join();
  }

  @Test
  void whoIsRunByTheCloseClosesNothingAndWaitsForNothing() throws Exception {
    inTime(() -> once.run(() -> once.run(closes::incrementAndGet, LONG), LONG));

    assertThat(closes).hasValue(0);
  }

  @Test
  void whoTheFirstWaitsForDoesNotWaitForIt() throws Exception {
    awaited = true;
    inTime(
        () ->
            once.run(
                () -> {
                  try {
                    inTime(() -> once.run(closes::incrementAndGet, LONG));
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                },
                LONG));

    assertThat(closes).hasValue(0);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
