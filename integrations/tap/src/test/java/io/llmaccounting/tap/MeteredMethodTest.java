package io.llmaccounting.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A method that asks a model is a call of it. */
class MeteredMethodTest extends MethodScene {
  @Test
  void aMethodThatReturnsTokensIsACall() {
    Object returned = call(() -> TokenUsage.of(7, 3));

    assertThat(returned).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().attribution().user()).isEqualTo("alice");
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aMethodThatReturnsAnAnswerIsACall() {
    Object unused =
        call(
            () ->
                Optional.of(
                    ModelAnswer.builder()
                        .tokens(TokenUsage.of(7, 3))
                        .responseModel("gpt-5-mini-2025-08-07")
                        .build()));

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().responseModel()).isEqualTo("gpt-5-mini-2025-08-07");
  }

  @Test
  void tokensOfAMethodThatReturnsTextAreEstimated() {
    assertThat(call(() -> "Hello, Alice")).isEqualTo("Hello, Alice");

    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(1_000, 3));
    assertThat(contained).isEmpty();
  }

  @Test
  void aMethodThatReturnsTextMayTellWhatItUsed() {
    Object unused =
        call(
            () -> {
              CallContext.current()
                  .call()
                  .orElseThrow()
                  .answered(ModelAnswer.of(TokenUsage.of(7, 3)));
              return "Hello";
            });

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void aMethodThatReturnsNothingIsACall() {
    assertThat(call(() -> null)).isNull();

    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void anApplicationAddsTypesOfItsOwn() {
    record Poem(String text, int in, int out) {}

    MeteredMethod more =
        metered.reading(
            returned ->
                returned instanceof Poem poem
                    ? Optional.of(ModelAnswer.of(TokenUsage.of(poem.in(), poem.out())))
                    : Optional.empty());
    Object unused = more.call(CALL, Poem.class, () -> new Poem("Roses", 7, 3));

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
  }

  @Test
  void anAnnotatedMethodInsideMakesTheCallOfTheOuter() {
    Object unused = call(() -> call(() -> TokenUsage.of(7, 3)));

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
  }

  @Test
  void aMethodInsideOfACallAddsToThat() {
    TokenUsage returned =
        accounting.call(
            CALL,
            () -> (TokenUsage) call(() -> TokenUsage.of(7, 3)),
            tokens -> ModelAnswer.withoutUsage());

    assertThat(returned).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
  }

  @Test
  void aMethodThatIsDeniedDoesNotRun() {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofHours(1)));
    AtomicBoolean ran = new AtomicBoolean();

    assertThatThrownBy(
            () ->
                call(
                    () -> {
                      ran.set(true);
                      return "Hello";
                    }))
        .isInstanceOf(QuotaExceededException.class);

    assertThat(ran).isFalse();
    assertThat(records()).isEmpty();
  }

  @Test
  void whatAMethodThrowsIsRecordedAndThrown() {
    IOException failure = new IOException("no route to host");

    assertThatThrownBy(
            () ->
                metered.call(
                    CALL,
                    Object.class,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);

    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().details().errorMessage()).isEqualTo("no route to host");
  }

  @Test
  void aMethodThatGivesUpIsCancelled() {
    CancellationException givenUp = new CancellationException("enough");

    assertThatThrownBy(
            () ->
                call(
                    () -> {
                      throw givenUp;
                    }))
        .isSameAs(givenUp);

    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aReaderThatFailsCostsNobodyTheAnswer() {
    MeteredMethod failing =
        metered.reading(
            returned -> {
              throw new IllegalStateException("planned by a test");
            });

    assertThat(failing.call(CALL, String.class, () -> "Hello")).isEqualTo("Hello");

    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(contained).hasSize(1);
  }

  @Test
  void aReaderWhoseLibraryIsNotThereIsPassedOver() {
    MeteredMethod failing =
        metered.reading(
            returned -> {
              throw new NoClassDefFoundError("planned by a test");
            });

    Object unused = failing.call(CALL, TokenUsage.class, () -> TokenUsage.of(7, 3));

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
    assertThat(contained).isEmpty();
  }

  @Test
  void nothingIsMeteredInAnUnmeteredContext() {
    try (CallContext.Scope off = CallContext.unmetered().open()) {
      assertThat(call(() -> "Hello")).isEqualTo("Hello");
    }

    assertThat(records()).isEmpty();
  }

  @Test
  void aMethodWithoutAModelSaysWhoCalls() {
    String said =
        MeteredMethod.attribute(
            Attribution.NONE.withUser("bob").withSession("s"),
            () -> {
              client(TokenUsage.of(7, 3));
              return "done";
            });

    assertThat(said).isEqualTo("done");
    assertThat(record().attribution().user()).isEqualTo("bob");
    assertThat(record().attribution().session()).isEqualTo("s");
  }
}
