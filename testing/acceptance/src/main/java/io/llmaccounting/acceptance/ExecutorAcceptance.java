package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * faults C1: an executor of the application's that runs nothing, for now or for ever, holds up the
 * application's code and no work of our own.
 */
@Tag("engine")
@Timeout(60)
public class ExecutorAcceptance extends OutageTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").inputTokens(100).maxOutputTokens(100);

  private final Queue<Runnable> taken = new ConcurrentLinkedQueue<>();
  private boolean running;

  private LlmAccounting stuck(UnaryOperator<LlmAccountingBuilder> settings) {
    return fragile(
        builder -> settings.apply(builder.executor(this::take).timeout(Duration.ofMillis(500))));
  }

  private synchronized void take(Runnable task) {
    if (running) {
      ForkJoinPool.commonPool().execute(task);
    } else {
      taken.add(task);
    }
  }

  private synchronized void runAll() {
    running = true;
    taken.forEach(ForkJoinPool.commonPool()::execute);
  }

  @Test
  @DisplayName("faults C1: a store that hangs opens the breaker while the executor runs nothing")
  final void aStoreThatHangsIsNoticed() {
    LlmAccounting accounting = stuck(builder -> builder);
    closing(accounting);
    store().hang();
    for (int i = 0; i < 20; i++) {
      CompletableFuture<?> unused = accounting.trackAsync(aCall().usage()).toCompletableFuture();
    }

    eventually("the breaker is open", () -> !isReached(accounting));
  }

  @Test
  @DisplayName("faults C1: what does not wait is spooled while the executor runs nothing")
  final void whatDoesNotWaitIsSpooled() {
    try (LlmAccounting accounting = stuck(builder -> builder.spool(spool()))) {
      store().breakDown();
      Usage usage = aCall().usage();
      CompletableFuture<?> tracked = accounting.trackAsync(usage).toCompletableFuture();

      eventually("it is in the spool", () -> accounting.health().spool().records() == 1);

      recover(accounting);
      assertThat(storedIds()).containsExactly(usage.id());
      runAll();
      tracked.join();
    }
  }

  @Test
  @DisplayName("faults C1: what is on its way to the spool reaches it before that is closed")
  final void whatIsOnItsWayReachesTheSpool() {
    CountDownLatch disk = new CountDownLatch(1);
    Spool same = spool();
    LlmAccounting accounting =
        stuck(builder -> builder.spool(same).timeout(Duration.ofSeconds(60)));
    store().breakDown();
    spool().appendAfter(disk);
    for (int i = 0; i < 50; i++) {
      CompletableFuture<?> unused = accounting.trackAsync(aCall().usage()).toCompletableFuture();
    }
    eventually("the disk is slow", () -> spool().isWriting());
    CompletableFuture<Void> closed = CompletableFuture.runAsync(accounting::close);
    disk.countDown();

    closed.join();

    assertThat(accounting.health().spool().records()).isEqualTo(50);
    assertThat(spool().wasClosedUnderAWrite()).isFalse();
  }

  @Test
  @DisplayName("faults C1: names that are looked up when it closes keep no record from the ledger")
  final void namesThatAreLookedUpKeepNoRecordFromTheLedger() {
    accounting().directory().addUser("alice");
    LlmAccounting accounting = stuck(LlmAccountingBuilder::enforceNames);
    for (int i = 0; i < 50; i++) {
      CompletableFuture<?> unused =
          accounting.trackAsync(aCall().by("alice").usage()).toCompletableFuture();
    }

    accounting.close();

    assertThat(storedIds()).hasSize(50);
  }

  @Test
  @DisplayName("faults B7: holds are renewed while the executor runs nothing")
  final void holdsAreRenewed() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    try (LlmAccounting accounting = stuck(builder -> builder)) {
      LlmCall call = accounting.begin(REQUEST.holdFor(Duration.ofSeconds(60)));
      for (int i = 0; i < 3; i++) {
        int before = store().transactions();
        clock.advance(Duration.ofSeconds(40));
        eventually("the hold is renewed", () -> store().transactions() > before);
        eventually(
            "it lives for its whole time again",
            () ->
                backend().ledger().holds().stream()
                    .allMatch(hold -> hold.expiresAt().isAfter(clock.instant().plusSeconds(59))));
      }

      assertThat(call.succeeded(TokenUsage.of(7, 3))).isRecorded();
    }
  }

  @Test
  @DisplayName(
      "faults C1: a call that is given up gives its hold back while the executor runs nothing")
  final void aCallThatIsGivenUpGivesItsHoldBack() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    try (LlmAccounting accounting = stuck(builder -> builder)) {
      CountDownLatch go = new CountDownLatch(1);
      store().pause(go);
      CompletableFuture<LlmCall> begun = accounting.beginAsync(REQUEST).toCompletableFuture();
      CompletableFuture<?> reserved =
          accounting.quotas().reserveAsync(REQUEST).toCompletableFuture();
      go.countDown();
      eventually("both are held", () -> backend().ledger().holds().size() == 2);
      eventually("both are to be told", () -> taken.size() == 2);

      begun.cancel(false);
      reserved.cancel(false);

      eventually("nothing is held", () -> backend().ledger().holds().isEmpty());
      runAll();
    }
  }

  @Test
  @DisplayName("faults C1: an end that nobody was told of is the end")
  final void anEndThatNobodyWasToldOfIsTheEnd() {
    try (LlmAccounting accounting = stuck(builder -> builder)) {
      LlmCall call = accounting.begin(REQUEST);
      CompletableFuture<?> told = call.succeededAsync(TokenUsage.of(7, 3)).toCompletableFuture();

      assertThat(call.succeeded(TokenUsage.of(7, 3))).isRecorded();
      assertThat(storedIds()).containsExactly(call.id());
      runAll();
      told.join();
    }
  }

  @Test
  @DisplayName(
      "faults C1: an end that fails is told to who waits for it while the executor is full")
  final void anEndThatFailsIsToldToWhoWaitsForIt() {
    try (LlmAccounting accounting = stuck(builder -> builder.continueOnError(handled::add))) {
      LlmCall call = accounting.begin(REQUEST);
      store().refuse(usage -> true);
      CompletableFuture<?> told = call.succeededAsync(TokenUsage.of(7, 3)).toCompletableFuture();

      assertThat(call.succeeded(TokenUsage.of(7, 3)).status())
          .isEqualTo(Receipt.Status.NOT_RECORDED);
      runAll();
      told.join();
      assertThat(handled).hasSize(1);
    }
  }

  @Test
  @DisplayName("faults G10: holds that cannot be given back because it has closed are told")
  final void holdsThatCannotBeGivenBackAreTold() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    LlmAccounting accounting = stuck(builder -> builder);
    CountDownLatch go = new CountDownLatch(1);
    store().pause(go);
    CompletableFuture<?> begun = accounting.beginAsync(REQUEST).toCompletableFuture();
    CompletableFuture<?> reserved = accounting.quotas().reserveAsync(REQUEST).toCompletableFuture();
    go.countDown();
    eventually("both are held", () -> backend().ledger().holds().size() == 2);
    eventually("both are to be told", () -> taken.size() == 2);
    accounting.close();

    begun.cancel(false);
    reserved.cancel(false);

    eventually("both are told", () -> handled.size() == 2);
    assertThat(accounting.health().counts().contained()).isEqualTo(2);
    assertThat(accounting.health().failure().orElseThrow().consequence())
        .contains("could not be given back");
    runAll();
  }

  @Test
  @DisplayName("faults C1: who waits for the store runs nothing of what follows another's stage")
  final void whoWaitsRunsNothingOfAnothersStage() {
    try (LlmAccounting accounting = fragile(builder -> builder)) {
      LlmCall call = accounting.begin(REQUEST);
      CountDownLatch go = new CountDownLatch(1);
      int before = store().transactions();
      store().pause(go);
      Thread waiter = new Thread(() -> call.succeeded(TokenUsage.of(7, 3)));
      waiter.start();
      eventually("it is being stored", () -> store().transactions() > before);

      CompletableFuture<Thread> follows =
          call.succeededAsync(TokenUsage.of(7, 3))
              .thenApply(receipt -> Thread.currentThread())
              .toCompletableFuture();
      go.countDown();

      assertThat(follows.join()).isNotSameAs(waiter);
    }
  }

  @Test
  @DisplayName("faults C1: who tells an end asks no prices for the end that waits for its turn")
  final void whoTellsAnEndAsksNoPricesForTheNext() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch known = new CountDownLatch(1);
    Queue<Thread> askers = new ConcurrentLinkedQueue<>();
    try (LlmAccounting accounting =
        fragile(
            builder ->
                builder.pricing(
                    call -> {
                      if (asked.getCount() > 0 && call.tokens().output() == 10) {
                        asked.countDown();
                        await(known);
                      } else if (call.tokens().output() == 3) {
                        askers.add(Thread.currentThread());
                      }
                      return Optional.empty();
                    }))) {
      LlmCall call = accounting.begin(REQUEST);
      call.textSeen(40);
      Thread teller = new Thread(call::cancelled);
      teller.start();
      asked.await();

      CompletableFuture<?> next = call.succeededAsync(TokenUsage.of(7, 3)).toCompletableFuture();
      known.countDown();
      next.join();

      assertThat(askers).isNotEmpty().doesNotContain(teller);
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
