package io.llmaccounting;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A store that fails while a call is under way. */
class InMemoryCallFailuresTest extends FailingStore {
  @Test
  void withContinueACallEndsWhileTheStoreIsAwayAndItsHoldExpires() {
    goOnAfterErrors();
    limit(1_000);
    LlmCall call = accounting.begin(REQUEST);
    backend.breakDown();

    assertThat(call.progress(TokenUsage.of(100, 700))).isAdmitted();
    assertThat(call.succeeded(TokenUsage.of(100, 700))).hasStatus(Receipt.Status.NOT_RECORDED);
    call.close();

    assertThat(handled).hasSize(2);
    recover();
    assertThat(held()).isEqualTo(200);
    clock.advance(ofSeconds(602));
    assertThat(held()).isZero();
  }

  @Test
  void withContinueDenialsAreStillThrown() {
    goOnAfterErrors();
    limit(1);

    assertThatThrownBy(() -> accounting.begin(REQUEST))
        .isInstanceOf(io.llmaccounting.limit.QuotaExceededException.class);
    assertThat(handled).isEmpty();
  }

  @Test
  void withContinueAnEndThatBreaksARuleDoesNotBreakTheCall() {
    goOnAfterErrors();
    limit(1_000);

    try (LlmCall call = accounting.begin(REQUEST)) {
      assertThat(call.succeeded(TokenUsage.of(1, 1), Cost.usd("2000000"))).isRecorded();
    }

    assertThat(handled).singleElement().isInstanceOf(IllegalArgumentException.class);
    assertThat(accounting.tail()).hasSize(1);
    assertThat(held()).isZero();
  }

  @Test
  void anEndThatCouldNotBeStoredIsStoredAsItWasToldWhenItIsToldAgain() {
    impatient();
    limit(1_000);
    LlmCall call = accounting.begin(REQUEST);
    backend.breakDown();
    assertThatThrownBy(() -> call.succeeded(TokenUsage.of(5, 5)))
        .isInstanceOf(BackendException.class);
    recover();
    clock.advance(ofSeconds(9));

    assertThat(call.cancelled()).isRecorded();
    call.close();

    assertThat(accounting.tail())
        .singleElement()
        .satisfies(
            stored -> {
              assertThat(stored.usage().outcome()).isEqualTo(Outcome.SUCCEEDED);
              assertThat(stored.usage().tokens()).isEqualTo(TokenUsage.of(5, 5));
            });
    assertThat(held()).isZero();
  }

  @Test
  void anEndThatCouldNotBeStoredIsNotReplacedByAnUnfinishedOne() {
    impatient();
    limit(1_000);
    assertThatThrownBy(
            () -> {
              try (LlmCall call = accounting.begin(REQUEST)) {
                backend.breakDown();
                try {
                  call.succeeded(TokenUsage.of(5, 5));
                } finally {
                  recover();
                }
              }
            })
        .isInstanceOf(BackendException.class);

    assertThat(accounting.tail()).isEmpty();
  }

  @Test
  void whatTheCallThrewIsNotReplacedByWhatAccountingThrew() {
    impatient();
    IOException failure = new IOException("model is down");

    assertThatThrownBy(
            () ->
                accounting.call(
                    REQUEST,
                    () -> {
                      backend.breakDown();
                      throw failure;
                    },
                    answer -> ModelAnswer.withoutUsage()))
        .isSameAs(failure)
        .satisfies(
            thrown ->
                assertThat(thrown.getSuppressed())
                    .hasOnlyElementsOfType(BackendException.class)
                    .isNotEmpty());
  }

  /** faults A2: what may have been stored although an error was told is not stored twice. */
  @Test
  void aTrackedCallRepeatedAfterAnErrorCountsOnce() {
    impatient();
    TrackedCall call = accounting.track().model("m").inputTokens(5);
    backend.breakDown();
    assertThatThrownBy(call::record).isInstanceOf(BackendException.class);
    recover();
    clock.advance(ofSeconds(1));

    Receipt first = call.record();

    assertThat(first).isRecorded();
    assertThat(call.record()).isDuplicate();
    assertThat(accounting.tail()).hasSize(1);
  }

  /** faults A3: a conflict gives the hold back, and what is told of it says so. */
  @Test
  void withContinueAConflictIsToldAsWhatItIs() {
    goOnAfterErrors();
    limit(1_000);
    accounting.begin(REQUEST.key("k")).succeeded(TokenUsage.of(1, 1));
    LlmCall second = accounting.begin(REQUEST.key("k"));

    assertThat(second.succeeded(TokenUsage.of(2, 1))).hasStatus(Receipt.Status.NOT_RECORDED);

    assertThat(held()).isZero();
    assertThat(accounting.health().failure())
        .hasValueSatisfying(
            failure ->
                assertThat(failure.toString())
                    .contains("its hold is given back")
                    .contains("inputTokens 2, stored 1"));
  }

  /** faults A1: an answer that was paid for is not lost because it could not be recorded. */
  @Test
  void withFailTheExceptionCarriesTheAnswer() {
    impatient();

    assertThatThrownBy(
            () ->
                accounting.call(
                    REQUEST,
                    () -> {
                      backend.breakDown();
                      return "answer";
                    },
                    answer -> ModelAnswer.of(TokenUsage.of(1, 1))))
        .isInstanceOfSatisfying(
            AnswerNotRecordedException.class,
            e -> {
              assertThat(e.answer(String.class)).isEqualTo("answer");
              assertThat(e).hasCauseInstanceOf(BackendException.class);
            });
  }

  /** faults A1 */
  @Test
  void withContinueTheAnswerIsReturned() {
    goOnAfterErrors();

    String answer =
        accounting.call(
            REQUEST,
            () -> {
              backend.breakDown();
              return "answer";
            },
            text -> ModelAnswer.of(TokenUsage.of(1, 1)));

    assertThat(answer).isEqualTo("answer");
    assertThat(handled).hasSize(1);
  }

  /**
   * faults A1: so it is where the usage cannot be read from it; the call is recorded all the same.
   */
  @Test
  void anAnswerWhoseUsageCannotBeReadIsNotLost() {
    IllegalStateException unreadable = new IllegalStateException("no usage here");

    assertThatThrownBy(
            () ->
                accounting.call(
                    REQUEST,
                    () -> "answer",
                    answer -> {
                      throw unreadable;
                    }))
        .isInstanceOfSatisfying(
            AnswerNotRecordedException.class, e -> assertThat(e.answer()).isEqualTo("answer"))
        .hasCause(unreadable);
    goOnAfterErrors();
    String answer =
        accounting.call(
            REQUEST,
            () -> "answer",
            text -> {
              throw unreadable;
            });

    assertThat(answer).isEqualTo("answer");
    assertThat(handled).containsExactly(unreadable);
    assertThat(accounting.tail())
        .hasSize(2)
        .allSatisfy(
            stored -> {
              assertThat(stored.usage().outcome()).isEqualTo(Outcome.SUCCEEDED);
              assertThat(stored.usage().source()).isEqualTo(TokenSource.ESTIMATED);
            });
  }

  /** faults A1: another call under the key does not take the answer away either. */
  @Test
  void aConflictDoesNotCostTheAnswer() {
    accounting.begin(REQUEST.key("k")).succeeded(TokenUsage.of(1, 1));

    assertThatThrownBy(
            () ->
                accounting.call(
                    REQUEST.key("k"),
                    () -> "answer",
                    answer -> ModelAnswer.of(TokenUsage.of(2, 1))))
        .isInstanceOfSatisfying(
            AnswerNotRecordedException.class, e -> assertThat(e.answer()).isEqualTo("answer"))
        .hasCauseInstanceOf(io.llmaccounting.usage.UsageConflictException.class);
  }

  /** faults A1: closing hides neither what the block returns nor what it throws. */
  @Test
  void closingACallThatCannotBeRecordedThrowsNothing() {
    impatient();
    LlmCall call = accounting.begin(REQUEST);
    backend.breakDown();

    call.close();

    // the outage itself may be told of by others too, who look up alerts meanwhile
    assertThat(accounting.containedFailures()).isPositive();
  }

  /**
   * faults A6: the shown pattern books what a provider throws as FAILED, without an inner catch.
   */
  @Test
  void whatTheCallThrowsIsBookedAsFailed() throws Exception {
    IOException down = new IOException("model is down");

    assertThatThrownBy(
            () -> {
              try (LlmCall call = accounting.begin(REQUEST)) {
                call.ask(
                    () -> {
                      throw down;
                    });
              }
            })
        .isSameAs(down);

    assertThat(accounting.tail())
        .singleElement()
        .satisfies(
            stored -> {
              assertThat(stored.usage().outcome()).isEqualTo(Outcome.FAILED);
              assertThat(stored.usage().details().errorMessage()).isEqualTo("model is down");
            });
  }

  /** faults A6: a call that answers later. */
  @Test
  void anAsynchronousCallEndsWhenItsStageDoes() {
    limit(1_000);
    CompletableFuture<String> asked = new CompletableFuture<>();
    CompletableFuture<String> told =
        accounting
            .callAsync(REQUEST, () -> asked, answer -> ModelAnswer.of(TokenUsage.of(5, 5)))
            .toCompletableFuture();
    assertThat(told).isNotDone();
    assertThat(held()).isEqualTo(200);

    asked.complete("answer");

    assertThat(told).isCompletedWithValue("answer");
    assertThat(accounting.tail().get(0).usage().tokens()).isEqualTo(TokenUsage.of(5, 5));
    assertThat(held()).isZero();
  }

  /** faults A6: failed, cancelled and denied. */
  @Test
  void anAsynchronousCallThatFailsIsBookedAsWhatItIs() {
    limit(1_000);
    IOException down = new IOException("model is down");
    ModelAnswer none = ModelAnswer.withoutUsage();

    assertThat(
            accounting.callAsync(
                REQUEST, () -> CompletableFuture.failedFuture(down), answer -> none))
        .failsWithin(ofSeconds(0))
        .withThrowableThat()
        .withCause(down);
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    accounting.callAsync(REQUEST, () -> cancelled, answer -> none);
    cancelled.cancel(true);
    assertThat(accounting.tail())
        .extracting(stored -> stored.usage().outcome())
        .containsExactlyInAnyOrder(Outcome.FAILED, Outcome.CANCELLED);

    assertThat(
            accounting.callAsync(
                REQUEST.maxOutputTokens(2_000),
                () -> CompletableFuture.completedFuture(""),
                answer -> none))
        .failsWithin(ofSeconds(0))
        .withThrowableThat()
        .withCauseInstanceOf(io.llmaccounting.limit.QuotaExceededException.class);
  }
}
