package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What does not wait: beginning, telling, ending, recording and asking by stages. */
@DisplayName("asynchronous booking")
public class StagesAcceptance extends AcceptanceTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").inputTokens(100).maxOutputTokens(100);
  private static final TokenUsage SOME = TokenUsage.of(7, 3);

  private BreakableBackend store;

  private LlmAccounting fragile(UnaryOperator<LlmAccountingBuilder> settings) {
    store = new BreakableBackend(backend());
    LlmAccounting accounting =
        settings.apply(LlmAccounting.builder(store).clock(clock).expectedTokens(0, 0)).build();
    closing(accounting);
    return accounting;
  }

  private static <T> T outcome(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Throwable failure(CompletionStage<?> stage) {
    try {
      outcome(stage);
    } catch (CompletionException e) {
      return e.getCause();
    }
    throw new AssertionError("the stage did not fail");
  }

  @Test
  final void aCallBeginsGoesOnAndEnds() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    LlmCall call = outcome(accounting().beginAsync(REQUEST));
    assertThat(held("tokens", aCall())).isEqualTo(200);
    assertThat(outcome(call.progressAsync(TokenUsage.of(100, 101)))).isAdmitted();
    assertThat(held("tokens", aCall())).isEqualTo(457);
    assertThat(outcome(call.textSeenAsync(40_000))).isDenied().byExactly("tokens");

    Receipt receipt = outcome(call.succeededAsync(SOME));

    assertThat(receipt).isRecorded().leaves("tokens", 990);
    assertThat(outcome(call.cancelledAsync())).isEqualTo(receipt);
    assertThat(call.succeeded(SOME)).isEqualTo(receipt);
    assertThat(call.isEnded()).isTrue();
    assertThat(held("tokens", aCall())).isZero();
  }

  @Test
  final void everyEndHasATwin() {
    outcome(outcome(accounting().beginAsync(REQUEST)).failedAsync(new IllegalStateException("x")));
    outcome(outcome(accounting().beginAsync(REQUEST)).cancelledAsync());
    outcome(outcome(accounting().beginAsync(REQUEST)).succeededAsync(ModelAnswer.withoutUsage()));
    outcome(outcome(accounting().beginAsync(REQUEST)).closeAsync());

    assertThat(accounting().tail())
        .extracting(record -> record.usage().outcome())
        .containsExactlyInAnyOrder(
            Outcome.FAILED, Outcome.CANCELLED, Outcome.SUCCEEDED, Outcome.UNFINISHED);
  }

  @Test
  final void askingAndReservingHaveTwins() {
    save(Limit.named("one").requests(1).lifetime());

    assertThat(outcome(accounting().quotas().checkAsync(REQUEST))).isAdmitted();
    Reservation held = outcome(accounting().quotas().reserveAsync(REQUEST));
    Decision second = outcome(accounting().quotas().checkAsync(REQUEST));
    Reservation third = outcome(accounting().quotas().reserveAsync(REQUEST));

    assertThat(held.decision()).isAdmitted();
    assertThat(second).isDenied().byExactly("one");
    assertThat(third.decision()).isDenied().byExactly("one");
    assertThat(third.hold()).isEmpty();
    held.hold().orElseThrow().release();
    assertThat(outcome(accounting().quotas().checkAsync(REQUEST))).isAdmitted();
  }

  @Test
  final void whatTheOthersThrowStagesFailWith() {
    save(Limit.named("none").user("nobody").requests(0).lifetime());
    Receipt first = outcome(accounting().trackAsync(aCall().key("k").tokens(1, 1).usage()));

    assertThat(first).isRecorded();
    assertThat(failure(accounting().beginAsync(REQUEST.user("nobody"))))
        .isInstanceOf(QuotaExceededException.class);
    assertThat(failure(accounting().trackAsync(aCall().key("k").tokens(2, 2).usage())))
        .isInstanceOf(UsageConflictException.class);
    assertThat(outcome(accounting().trackAsync(aCall().key("k").tokens(1, 1).usage())))
        .isDuplicate();
    LlmAccounting strict = another(LlmAccountingBuilder::enforceNames);
    assertThat(failure(strict.beginAsync(REQUEST.user("stranger"))))
        .isInstanceOf(UnknownNameException.class);
    assertThat(failure(strict.trackAsync(aCall().by("stranger").usage())))
        .isInstanceOf(UnknownNameException.class);
  }

  /** No thread waits for any of them: all wait in the ledger's line. */
  @Test
  final void tenThousandBeginAtOnceOnFourThreads() throws Exception {
    save(Limit.named("most").concurrentCalls(9_000));
    ExecutorService four = Executors.newFixedThreadPool(4, task -> new Thread(task, "one of four"));
    CountDownLatch go = new CountDownLatch(1);
    try {
      LlmAccounting accounting =
          fragile(settings -> settings.executor(four).timeout(ofSeconds(120)));
      outcome(accounting.trackAsync(aCall().usage()));
      store.pause(go);
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      List<CompletableFuture<LlmCall>> begun = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        four.submit(() -> accounting.beginAsync(REQUEST));
      }
      for (int i = 0; i < 10_000 - 4; i++) {
        begun.add(accounting.beginAsync(REQUEST).toCompletableFuture());
      }
      Set<Thread> more = ConcurrentHashMap.newKeySet();
      more.addAll(Thread.getAllStackTraces().keySet());
      more.removeAll(before);
      assertThat(more)
          .extracting(Thread::getName)
          .allMatch(name -> name.equals("one of four") || name.contains("elayScheduler"));
      assertThat(begun).noneMatch(CompletableFuture::isDone);
      go.countDown();

      long admitted = begun.stream().filter(one -> isAdmitted(one)).count();

      assertThat(admitted).isBetween(9_000L - 4, 9_000L);
      assertThat(held("most", aCall())).isEqualTo(9_000);
      assertThat(accounting.health().batchSizes().largest()).isGreaterThan(500);
    } finally {
      go.countDown();
      four.shutdownNow();
    }
  }

  private static boolean isAdmitted(CompletableFuture<LlmCall> begun) {
    try {
      return !outcome(begun).isEnded();
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(QuotaExceededException.class);
      return false;
    }
  }

  /** Whatever the application adds, whichever way it comes: it runs elsewhere. */
  @Test
  final void nothingOfTheApplicationsRunsOnTheLedgersThread() {
    Queue<String> threads = new ConcurrentLinkedQueue<>();
    LlmAccounting accounting =
        fragile(
            settings ->
                settings
                    // the worst that can be given: it runs what it is given on the spot
                    .executor(Runnable::run)
                    .timeout(ofMillis(200))
                    .onError(ErrorPolicy.CONTINUE)
                    .errorHandler(error -> threads.add(Thread.currentThread().getName()))
                    .listener(new Noting(threads)));
    accounting.limits().save(Limit.named("few").requests(3).lifetime().alertingAt(50));
    LlmCall lost = accounting.begin(REQUEST.holdFor(ofSeconds(1)));
    for (int i = 0; i < 3; i++) {
      note(threads, accounting.beginAsync(REQUEST))
          .thenCompose(call -> note(threads, call.progressAsync(TokenUsage.of(1, 100_000))))
          .handle((decision, error) -> threads.add(Thread.currentThread().getName()))
          .toCompletableFuture()
          .join();
    }
    clock.advance(ofSeconds(5));
    note(threads, accounting.trackAsync(aCall().usage())).toCompletableFuture().join();
    note(threads, accounting.quotas().checkAsync(REQUEST)).toCompletableFuture().join();
    store.breakDown();
    for (int i = 0; i < 6; i++) {
      note(threads, accounting.trackAsync(aCall().usage()))
          .handle((receipt, error) -> threads.add(Thread.currentThread().getName()))
          .toCompletableFuture()
          .join();
    }
    store.recover();
    eventually("the call whose hold expired is told", () -> threads.contains("unfinished"));

    assertThat(lost.isEnded()).isFalse();
    assertThat(threads).hasSizeGreaterThan(20).noneMatch(name -> name.contains("-ledger"));
  }

  private static <T> CompletionStage<T> note(Queue<String> threads, CompletionStage<T> stage) {
    return stage.whenComplete((value, error) -> threads.add(Thread.currentThread().getName()));
  }

  private record Noting(Queue<String> threads) implements AccountingListener {
    private void note() {
      threads.add(Thread.currentThread().getName());
    }

    @Override
    public void asked(CallRequest request) {
      note();
    }

    @Override
    public void admitted(UUID id, CallRequest request, Decision.Admitted admission) {
      note();
    }

    @Override
    public void denied(CallRequest request, Decision.Denied denied) {
      note();
    }

    @Override
    public void recorded(Usage usage, Receipt receipt) {
      note();
    }

    @Override
    public void unfinished(Usage usage) {
      note();
      threads.add("unfinished");
    }

    @Override
    public void alerted(Alert alert) {
      note();
    }
  }

  @Test
  final void cancellingBeforeAdmissionWithdraws() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    CountDownLatch go = new CountDownLatch(1);
    LlmAccounting accounting = fragile(settings -> settings.timeout(ofSeconds(60)));
    outcome(accounting.trackAsync(aCall().tokens(0, 0).usage()));
    store.pause(go);
    // the first is in its transaction, the others wait in line
    CompletableFuture<LlmCall> first = accounting.beginAsync(REQUEST).toCompletableFuture();
    eventually("the first is sent", () -> store.transactions() >= 2);
    List<CompletableFuture<?>> waiting = new ArrayList<>();
    waiting.add(accounting.beginAsync(REQUEST).toCompletableFuture());
    waiting.add(accounting.quotas().reserveAsync(REQUEST).toCompletableFuture());
    first.cancel(false);
    waiting.forEach(one -> one.cancel(false));
    waiting.add(
        accounting.beginAsync(REQUEST).toCompletableFuture().orTimeout(1, TimeUnit.MILLISECONDS));
    assertThatThrownBy(() -> waiting.get(2).join()).isInstanceOf(CompletionException.class);
    go.countDown();

    LlmCall last = outcome(accounting.beginAsync(REQUEST));

    eventually("all but the last give back", () -> held("tokens", aCall()) == 200);
    assertThat(accounting.quotas().hold(last.id()).renew()).isNotNull();
    last.succeeded(SOME);
    assertThat(backend().ledger().holds()).isEmpty();
    assertThat(accounting().tail()).hasSize(2);
  }

  @Test
  final void cancellingMeanwhileGivesTheHoldBack() throws Exception {
    save(Limit.named("tokens").totalTokens(100_000).lifetime());
    Crowd.run(
        4,
        number -> {
          for (int i = 0; i < 50; i++) {
            CompletableFuture<LlmCall> call =
                accounting().beginAsync(REQUEST).toCompletableFuture();
            if (i % 3 > 0) {
              LockSupport.parkNanos(20_000L * i);
            }
            if (!call.cancel(false)) {
              outcome(outcome(call).succeededAsync(SOME));
            }
          }
        });

    eventually("nothing is held", () -> backend().ledger().holds().isEmpty());
    assertThat(held("tokens", aCall())).isZero();
  }

  @Test
  final void cancellingTheStageOfAnEndOnlyEndsTheWaiting() {
    LlmCall call = accounting().begin(REQUEST);

    call.succeededAsync(SOME).toCompletableFuture().cancel(true);

    assertThat(call.succeeded(SOME)).isRecorded();
    assertThat(stored(call.id()).usage().tokens()).isEqualTo(SOME);
    accounting()
        .trackAsync(aCall().id(accounting().newId()).usage())
        .toCompletableFuture()
        .cancel(true);
    eventually("it is recorded all the same", () -> accounting().tail().size() == 2);
  }

  @Test
  final void whoeverDoesNotWaitIsToldThatTheStoreIsAwayToo() {
    LlmAccounting accounting = fragile(settings -> settings.timeout(ofMillis(300)));
    accounting.limits().save(Limit.named("l").requests(10).lifetime());
    LlmCall before = outcome(accounting.beginAsync(REQUEST));
    store.breakDown();

    assertThat(failure(accounting.trackAsync(aCall().usage())))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("repeat it under the same id or key");
    assertThat(failure(accounting.beginAsync(REQUEST))).isInstanceOf(RuntimeException.class);
    assertThat(failure(before.succeededAsync(SOME))).isInstanceOf(BackendException.class);
    store.recover();

    eventually(
        "the store is tried again",
        () -> accounting.health().store().breaker() == Health.Breaker.CLOSED);
    assertThat(outcome(before.succeededAsync(SOME))).isRecorded();
    assertThat(outcome(accounting.trackAsync(aCall().usage()))).isRecorded();
  }

  @Test
  final void manyEndsAtOnceAreOne() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    LlmCall call = accounting().begin(REQUEST);
    List<CompletionStage<Receipt>> ends = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ends.add(call.succeededAsync(SOME));
    }
    call.close();

    Receipt first = outcome(ends.get(0));

    assertThat(ends).allSatisfy(end -> assertThat(outcome(end)).isEqualTo(first));
    assertThat(first).isRecorded();
    assertThat(used("tokens", aCall())).isEqualTo(10);
  }
}
