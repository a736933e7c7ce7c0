package io.llmaccounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever of the application fails after the model has answered, and however. */
@DisplayName("faults A1: an answer that was paid for, under CONTINUE")
class InMemoryAnswerTest extends FailingStore {
  private static final ModelAnswer ANSWER = ModelAnswer.of(TokenUsage.of(10, 5));

  private volatile boolean isAnswered;
  private volatile Failure failure = Failure.RUNTIME;

  enum Failure {
    RUNTIME(new IllegalStateException("as the test asked")),
    STACK(new StackOverflowError("as the test asked")),
    HEAP(new OutOfMemoryError("as the test asked")),
    CHECKED(new IOException("as the test asked"));

    private final Throwable thrown;

    Failure(Throwable thrown) {
      this.thrown = thrown;
    }
  }

  private void failOnceAnswered() {
    if (isAnswered) {
      InMemoryAnswerTest.<RuntimeException>sneak(failure.thrown);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private LlmAccounting pricesFail(Failure how) {
    failure = how;
    return open(
        settings()
            .pricing(
                call -> {
                  failOnceAnswered();
                  return Optional.empty();
                })
            .continueOnError(handled::add));
  }

  private LlmAccounting clockFails(Failure how) {
    failure = how;
    return open(
        LlmAccounting.builder(backend)
            .clock(
                () -> {
                  failOnceAnswered();
                  return clock.instant();
                })
            .continueOnError(handled::add));
  }

  private String answer() {
    isAnswered = true;
    return "answer";
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void isReturnedThoughPricesFail(Failure how) throws Exception {
    accounting = pricesFail(how);

    keepsItsAnswers();
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void isReturnedThoughTheClockFails(Failure how) throws Exception {
    accounting = clockFails(how);

    keepsItsAnswers();
  }

  private void keepsItsAnswers() throws Exception {
    assertThat(accounting.call(REQUEST, this::answer, text -> ANSWER)).isEqualTo("answer");
    isAnswered = false;
    assertThat(
            accounting
                .callAsync(
                    REQUEST, () -> CompletableFuture.supplyAsync(this::answer), text -> ANSWER)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS))
        .isEqualTo("answer");
    isAnswered = false;
    try (LlmCall call = accounting.begin(REQUEST)) {
      isAnswered = true;
      Receipt receipt = call.succeeded(ANSWER);
      assertThat(receipt.id()).isEqualTo(call.id());
    }
    isAnswered = false;
    LlmCall call = accounting.begin(REQUEST);
    isAnswered = true;
    assertThat(call.succeededAsync(ANSWER).toCompletableFuture().get(20, TimeUnit.SECONDS).id())
        .isEqualTo(call.id());
    isAnswered = false;

    assertThat(handled).isNotEmpty();
  }
}
