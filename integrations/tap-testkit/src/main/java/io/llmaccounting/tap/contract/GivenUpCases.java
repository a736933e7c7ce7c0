package io.llmaccounting.tap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.SentRequest;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Calls that their application gives up, at any time of their life. */
abstract class GivenUpCases extends StreamCases {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);
  private static final int CALLS = Integer.getInteger("cancelled.calls", 200);
  private static final int THREADS = 8;

  @Test
  final void aCallThatIsCancelledWhileItWaitsForRoomSendsNothingAndHasConsumedNothing()
      throws Exception {
    assumeThat(cancellingReachesTheRequest()).as("cancelling is heard").isTrue();
    GatedMeter meter = new GatedMeter(accounting);
    CompletableFuture<String> answer = clientOf(meter).askAsync(QUESTION);
    CompletableFuture<?> waiting = meter.awaitAsked();

    answer.cancel(true);
    meter.open();

    // one that waits on a thread is admitted first, and notices then
    await(() -> waiting.isCancelled() || records.count() == 1);
    assertThat(provider.count()).isZero();
    assertThat(records.all())
        .allSatisfy(
            record -> {
              assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
              assertThat(record.tokens().total()).isZero();
            });
    assertNothingHeld();
  }

  @Test
  final void aCallThatIsCancelledInTheMiddleOfItsAnswerIsACancelledRecord() throws Exception {
    assumeThat(cancellingReachesTheRequest()).as("cancelling is heard").isTrue();
    Gate gate = new Gate();
    provider.answering(shape().answer().inPiecesOf(40).waitingBefore(2, gate));
    CompletableFuture<String> answer = client().askAsync(QUESTION);
    gate.awaitReached();

    answer.cancel(true);

    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record.source()).isIn(TokenSource.PARTIAL, TokenSource.ESTIMATED);
    gate.open();
    assertNothingHeld();
  }

  @Test
  final void callsThatAreCancelledAtAnyTimeAreOneRecordEachAndHoldNothing() throws Exception {
    assumeThat(cancellingReachesTheRequest()).as("cancelling is heard").isTrue();
    long seed = System.nanoTime();
    provider.answeringAll(request -> shape().answer().inPiecesOf(100));
    TapClient client = client();
    long began = System.nanoTime();
    String unused = client.ask(QUESTION);
    long usual = System.nanoTime() - began;
    giveUp(client, new Random(seed), usual);

    await(() -> heldCalls() == 0 && everyRequestIsRecorded());
    Set<Outcome> possible =
        cancellingMayBreakOthersOff()
            ? EnumSet.of(Outcome.SUCCEEDED, Outcome.CANCELLED, Outcome.FAILED)
            : EnumSet.of(Outcome.SUCCEEDED, Outcome.CANCELLED);
    assertThat(records.all())
        .as("seed %d", seed)
        .allSatisfy(record -> assertThat(record.outcome()).isIn(possible))
        .extracting((Usage record) -> record.attribution().user())
        .doesNotHaveDuplicates();
    assertThat(contained).as("seed %d", seed).isEmpty();
    assertThat(client.ask(QUESTION)).isNotNull();
  }

  /** Makes many calls, and gives each up within a time like that of a call. */
  private static void giveUp(TapClient client, Random random, long usual) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> given = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        String user = "user-%d.".formatted(i);
        long patience = (long) (random.nextDouble() * 1.5 * usual);
        given.add(threads.submit(() -> askAndGiveUp(client, user, patience)));
      }
      for (Future<?> one : given) {
        Object unused = one.get(PATIENCE, TimeUnit.NANOSECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean askAndGiveUp(TapClient client, String user, long patience) {
    CompletableFuture<String> answer;
    try (CallContext.Scope scope = as(user)) {
      answer = client.askAsync(Question.of("I am " + user));
    }
    LockSupport.parkNanos(patience);
    return answer.cancel(true);
  }

  /** What the provider was asked for has a record, or will have one that says so. */
  private boolean everyRequestIsRecorded() {
    List<String> recorded =
        records.all().stream().map(record -> String.valueOf(record.attribution().user())).toList();
    return provider.requests().stream()
        .map(SentRequest::text)
        .filter(text -> text.contains("I am user-"))
        .map(text -> text.replaceFirst("(?s).*I am (user-\\d+\\.).*", "$1"))
        .allMatch(recorded::contains);
  }

  private static void await(BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - began).as("nanoseconds waited in vain").isLessThan(PATIENCE);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
