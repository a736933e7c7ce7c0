package io.llmaccounting;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors of the application's that make whoever hands them work wait for room. */
@Timeout(60)
class InMemoryExecutorTest {
  private final ManualClock clock = ManualClock.create();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch room = new CountDownLatch(1);
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(100),
          (task, pool) -> {
            throw new AssertionError("there is room");
          });
  private final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create(clock))
          .clock(clock)
          .executor(
              task -> {
                asked.countDown();
                awaitRoom();
                workers.execute(task);
              })
          .build();

  private void awaitRoom() {
    try {
      room.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    room.countDown();
    accounting.close();
    workers.shutdownNow();
  }

  @Test
  void anExecutorWithoutRoomHoldsUpNobodyButItsOwnStages() {
    CompletableFuture<Receipt> first = accounting.trackAsync(aCall().usage()).toCompletableFuture();
    Receipt second = accounting.track(aCall().usage());
    CompletableFuture<?> checked =
        accounting.quotas().checkAsync(CallRequest.to("m")).toCompletableFuture();

    assertThat(second).isRecorded();
    assertThat(accounting.tail()).hasSize(2);
    assertThat(first).isNotDone();
    assertThat(checked).isNotDone();
    room.countDown();
    assertThat(first.join()).isRecorded();
    assertThat(checked.join()).isNotNull();
  }

  @Test
  void whatIsHandedOverBeforeClosingIsStillCompleted() throws Exception {
    CompletableFuture<Receipt> first = accounting.trackAsync(aCall().usage()).toCompletableFuture();
    asked.await();

    accounting.close();

    assertThat(first).isNotDone();
    room.countDown();
    assertThat(first.join()).isRecorded();
  }
}
