package io.llmaccounting;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.UsageFilter;
import java.util.ArrayList;
import java.util.List;
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
          new ArrayBlockingQueue<>(100_000),
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

  // one that is booked at once completes on the thread of its caller, and needs no executor
  private List<CompletableFuture<Receipt>> handedOver() {
    List<CompletableFuture<Receipt>> stages = new ArrayList<>();
    while (asked.getCount() > 0) {
      stages.add(accounting.trackAsync(aCall().usage()).toCompletableFuture());
    }
    return stages;
  }

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
    List<CompletableFuture<Receipt>> stages = handedOver();

    Receipt waitedFor = accounting.track(aCall().usage());
    CompletableFuture<?> checked =
        accounting.quotas().checkAsync(CallRequest.to("m")).toCompletableFuture();

    assertThat(waitedFor).isRecorded();
    assertThat(accounting.tail(UsageFilter.all(), 100_000)).hasSize(stages.size() + 1);
    assertThat(stages).anyMatch(stage -> !stage.isDone());
    room.countDown();
    assertThat(stages).allSatisfy(stage -> assertThat(stage.join()).isRecorded());
    assertThat(checked.join()).isNotNull();
  }

  @Test
  void whatIsHandedOverBeforeClosingIsStillCompleted() throws Exception {
    List<CompletableFuture<Receipt>> stages = handedOver();

    accounting.close();

    assertThat(stages).anyMatch(stage -> !stage.isDone());
    room.countDown();
    assertThat(stages).allSatisfy(stage -> assertThat(stage.join()).isRecorded());
  }
}
