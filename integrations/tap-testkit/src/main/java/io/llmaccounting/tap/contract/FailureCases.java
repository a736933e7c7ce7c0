package io.llmaccounting.tap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ways in which a call goes wrong: one record each, and the application sees what it would see. */
abstract class FailureCases extends CallCases {
  @BeforeEach
  final void watch() {
    watchCalls();
  }

  @Test
  final void anErrorOfTheProviderIsAFailedRecordWithoutTokens() throws Exception {
    Object bare = outcome(provider, bareClient(), FakeAnswer.error(500));

    Object metered = outcome(provider, client(), FakeAnswer.error(500));

    assertThat(metered).isEqualTo(bare);
    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record.source()).isEqualTo(TokenSource.MISSING);
    assertThat(record.details().errorMessage()).isNotNull();
    assertNothingHeld();
  }

  /** Nobody pays for what a provider has not begun to work on. */
  @Test
  final void aCallThatIsRefusedConsumesNothing() throws Exception {
    for (FakeAnswer refusal : List.of(FakeAnswer.error(401), FakeAnswer.error(404))) {
      Object bare = outcome(provider, bareClient(), refusal);
      int before = records.count();

      Object metered = outcome(provider, client(), refusal);

      assertThat(metered).isEqualTo(bare);
      Usage record = records.await(before + 1).get(before);
      assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
      // an attempt that is not seen may have been more than a refusal
      assertThat(record.tokens()).isEqualTo(seesAttempts() ? TokenUsage.NONE : null);
      assertThat(record.source())
          .isEqualTo(seesAttempts() ? TokenSource.REPORTED : TokenSource.MISSING);
    }
    assertNothingHeld();
  }

  @Test
  final void anAnswerThatBreaksOffIsAFailedRecordWithAnEstimate() throws Exception {
    FakeAnswer cut = shape().answer().inPiecesOf(40).brokenBefore(2);
    Object bare = outcome(provider, bareClient(), cut);

    Object metered = outcome(provider, client(), cut);

    assertThat(metered).isEqualTo(bare);
    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record.source()).isIn((Object[]) sourcesOfABreak());
    assertNothingHeld();
  }

  @Test
  final void usageThatCannotBeReadCostsTheApplicationNothing() throws Exception {
    FakeAnswer malformed = shape().answer(ProviderShape.malformedUsage());
    Object bare = outcome(provider, bareClient(), malformed);

    Object metered = outcome(provider, client(), malformed);

    assertThat(metered).isEqualTo(bare);
    Usage record = record();
    assertThat(record.source())
        .isIn(
            TokenSource.ESTIMATED,
            failsOverUsageThatItCannotRead() ? TokenSource.MISSING : TokenSource.ESTIMATED);
    assertNothingHeld();
  }

  @Test
  final void aClientThatRunsOutOfPatienceLeavesAFailedRecord() throws Exception {
    provider.answering(shape().answer().waitingBefore(-1, new Gate()));
    TapClient client = client();

    Throwable thrown = catchThrowable(() -> client.ask(QUESTION.timeout(Duration.ofMillis(300))));

    assertThat(thrown).isNotNull();
    Usage record = record();
    assertThat(record.outcome()).isIn(Outcome.FAILED, Outcome.CANCELLED);
    assertNothingHeld();
  }

  @Test
  final void aCallThatIsCancelledLeavesARecordOfWhatIsPaidForIt() throws Exception {
    Gate gate = new Gate();
    provider.answering(shape().answer().waitingBefore(-1, gate));
    CompletableFuture<String> answer = client().askAsync(QUESTION);
    gate.awaitReached();

    answer.cancel(true);
    if (!cancellingReachesTheRequest()) {
      gate.open();
    }

    Usage record = record();
    assertThat(record.outcome())
        .isEqualTo(cancellingReachesTheRequest() ? Outcome.CANCELLED : Outcome.SUCCEEDED);
    assertThat(record.source())
        .isEqualTo(cancellingReachesTheRequest() ? TokenSource.ESTIMATED : TokenSource.REPORTED);
    gate.open();
    assertNothingHeld();
  }

  @Test
  final void aStoreThatIsAwayCostsTheApplicationNothing() throws Exception {
    String bare = bareClient().ask(QUESTION);
    Gate gate = new Gate();
    provider.answering(shape().answer().waitingBefore(-1, gate));
    CompletableFuture<String> answer = client().askAsync(QUESTION);
    gate.awaitReached();
    backend.failNext(1_000_000);
    gate.open();

    assertThat(answer.get()).isEqualTo(bare);
    assertThat(contained).isNotEmpty();
    backend.recover();
  }

  @Test
  final void underThePolicyFailACallThatCannotBeRecordedFailsAfterItsAnswer() throws Exception {
    Throwable waiting = unrecorded(shape().answer(), client -> client.ask(QUESTION));
    Throwable reading = unrecorded(shape().stream(), client -> all(client.stream(QUESTION)));
    Throwable later = unrecorded(shape().answer(), client -> client.askAsync(QUESTION).get());

    assertThat(List.of(waiting, reading, later))
        .allSatisfy(
            thrown -> assertThat(causes(thrown)).anyMatch(BackendException.class::isInstance));
    assertThat(provider.count()).isEqualTo(3);
    assertThat(contained).isEmpty();
  }

  /** What a call throws whose store fails once its answer has begun. */
  private Throwable unrecorded(FakeAnswer answer, Asked asked) throws Exception {
    InMemoryBackend failing = InMemoryBackend.create();
    try (LlmAccounting strict =
            LlmAccounting.builder(failing)
                .timeout(Duration.ofSeconds(3))
                .withoutShutdownHook()
                .build();
        TapClient client = metered(strict, provider.uri())) {
      provider.answeringAll(
          request -> {
            failing.failNext(1_000_000);
            return answer;
          });
      Throwable thrown = catchThrowable(() -> asked.of(client));
      failing.recover();
      assertThat(thrown).isNotNull();
      return thrown;
    }
  }

  private static List<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).toList();
  }

  /** Asks a client. */
  private interface Asked {
    Object of(TapClient client) throws Exception;
  }
}
