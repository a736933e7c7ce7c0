package io.llmaccounting;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
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
}
