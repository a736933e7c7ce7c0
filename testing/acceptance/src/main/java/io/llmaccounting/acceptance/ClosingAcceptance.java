package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** faults B7, G10: what a chore has begun when the accounting is closed is done, or told. */
@Tag("engine")
@Timeout(60)
public class ClosingAcceptance extends OutageTest {
  private static final CallRequest REQUEST = CallRequest.to("m").user("alice");
  private static final int DENIALS = 1_000;
  private static final int SOME = 8;
  private static final Duration LONG = Duration.ofSeconds(20);

  private LlmAccounting denying() {
    save(Limit.named("none").requests(0).lifetime());
    LlmAccounting accounting =
        fragile(
            builder ->
                builder
                    .rememberDenials(Duration.ofMillis(5))
                    .continueOnError(handled::add)
                    // nothing of the application's is needed
                    .executor(task -> {})
                    .closeTimeout(Duration.ofSeconds(2)));
    return accounting;
  }

  // the chore has taken them, and its transaction waits for the latch
  private void denyWhileAChoreCounts(LlmAccounting accounting, CountDownLatch answer) {
    for (int i = 0; i < DENIALS; i++) {
      assertThat(accounting.quotas().reserve(REQUEST).decision()).isDenied();
    }
    int before = store().transactions();
    store().pause(answer);
    eventually("a chore counts them", () -> store().transactions() > before);
  }

  private long counted() {
    return backend().ledger().denials(TimeRange.always()).stream()
        .mapToLong(DenialCount::count)
        .sum();
  }

  @Test
  @DisplayName("faults B7: denials that a chore counts while it closes are waited for")
  final void denialsThatAreBeingCountedAreWaitedFor() {
    LlmAccounting accounting = denying();
    CountDownLatch answer = new CountDownLatch(1);
    denyWhileAChoreCounts(accounting, answer);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(accounting::close);
    answer.countDown();

    closed.join();

    assertThat(counted()).isEqualTo(DENIALS);
    assertThat(handled).isEmpty();
  }

  @Test
  @DisplayName("faults G10: denials whose count gets no answer while it closes are told")
  final void denialsWhoseCountGetsNoAnswerAreTold() {
    LlmAccounting accounting = denying();
    CountDownLatch answer = new CountDownLatch(1);
    denyWhileAChoreCounts(accounting, answer);

    accounting.close();

    assertThat(handled)
        .extracting(Throwable::getMessage)
        .anyMatch(told -> told.contains("from memory were not counted in the store"));
    assertThat(accounting.health().failure()).isPresent();
    answer.countDown();
    eventually("the ledger's thread has ended", () -> counted() == DENIALS);
  }

  @Test
  @DisplayName("faults G10: closing waits no longer than said while the JDK's timer is held up")
  final void closingNeedsNoTimerOfTheProcess() throws InterruptedException {
    LlmAccounting accounting = denying();
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch timerGoesOn = new CountDownLatch(1);
    denyWhileAChoreCounts(accounting, answer);
    CountDownLatch timerIsHeldUp = new CountDownLatch(1);
    CompletableFuture.delayedExecutor(0, TimeUnit.SECONDS, Runnable::run)
        .execute(
            () -> {
              timerIsHeldUp.countDown();
              await(timerGoesOn);
            });
    await(timerIsHeldUp);
    Thread closing = new Thread(accounting::close);
    closing.start();

    closing.join(20_000);

    assertThat(closing.isAlive()).isFalse();
    answer.countDown();
    timerGoesOn.countDown();
    closing.join();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("faults B7: denials whose count is committed after its time are not counted again")
  final void denialsCountedLateAreNotCountedAgain() {
    LlmAccounting accounting = denying();
    CountDownLatch answer = new CountDownLatch(1);
    denyWhileAChoreCounts(accounting, answer);
    // begun later, so that the time of the count is over too
    assertThat(accounting.track(aCall().usage())).hasStatus(Receipt.Status.NOT_RECORDED);

    answer.countDown();

    eventually("it is counted", () -> counted() >= DENIALS);
    accounting.close();
    assertThat(counted()).isEqualTo(DENIALS);
  }

  /** Their callers have more time than the close has: they are told, and nothing is lost. */
  @Test
  @DisplayName("faults B7: what the store has not answered when closing ends is kept by the spool")
  final void whatIsUnderWayWhenTheTimeForClosingEndsIsKept() {
    save(Limit.named("many").requests(1_000).lifetime());
    LlmAccounting accounting =
        fragile(
            builder ->
                builder
                    .spool(spool())
                    .timeout(Duration.ofMinutes(2))
                    .closeTimeout(Duration.ofMillis(300)));
    List<LlmCall> calls =
        IntStream.range(0, SOME).mapToObj(i -> accounting.begin(REQUEST)).toList();
    store().hang();
    List<CompletableFuture<Receipt>> told = new ArrayList<>();
    for (LlmCall call : calls) {
      told.add(call.succeededAsync(TokenUsage.of(1, 1)).toCompletableFuture());
    }
    for (int i = 0; i < SOME; i++) {
      told.add(accounting.trackAsync(aCall().usage()).toCompletableFuture());
    }
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < SOME; i++) {
      CompletableFuture<Receipt> one = new CompletableFuture<>();
      told.add(one);
      waiting.add(
          new Thread(
              () -> one.completeAsync(() -> accounting.track(aCall().usage()), Runnable::run)));
    }
    waiting.forEach(Thread::start);
    eventually(
        "all wait for the store",
        () -> waiting.stream().allMatch(one -> one.getState() == Thread.State.TIMED_WAITING));

    accounting.close();

    assertThat(accounting.health().spool().records()).isEqualTo(3 * SOME);
    assertThat(told)
        .allSatisfy(
            one ->
                assertThat(one)
                    .succeedsWithin(LONG)
                    .extracting(Receipt::status)
                    .isEqualTo(Receipt.Status.SPOOLED));
  }
}
