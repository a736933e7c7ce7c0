package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.LlmAssertions.catchThrowableOfType;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A call in its short form: asked, made and settled in one statement. */
public class ShortFormAcceptance extends AcceptanceTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").user("ann").inputTokens(100).maxOutputTokens(100);

  private void limit(long tokens) {
    save(Limit.named("tokens").totalTokens(tokens).calendar(1, CalendarUnit.DAY, UTC));
  }

  private Usage only() {
    assertThat(accounting().tail()).hasSize(1);
    return accounting().tail().get(0).usage();
  }

  /** A refused call is vetoed before it is made, by an exception that says when to come back. */
  @Test
  final void aRefusedCallIsVetoed() {
    limit(100);
    AtomicInteger made = new AtomicInteger();

    QuotaExceededException veto =
        catchThrowableOfType(
            QuotaExceededException.class,
            () ->
                accounting()
                    .call(
                        REQUEST,
                        made::incrementAndGet,
                        answer -> ModelAnswer.of(TokenUsage.of(1, 1))));

    assertThat(veto.denied()).isDenied().byExactly("tokens").neverFits();
    assertThat(veto.retryAfter()).isEmpty();
    assertThat(veto).hasMessageContaining("tokens").hasMessageContaining("never fits");
    assertThat(made).hasValue(0);
    assertThat(accounting().tail()).isEmpty();
  }

  /** The short form settles with what the answer says. */
  @Test
  final void theShortFormSettlesWithWhatTheAnswerSays() throws Exception {
    limit(1_000);

    String answer =
        accounting().call(REQUEST, () -> "hello", text -> ModelAnswer.of(TokenUsage.of(9, 1)));

    assertThat(answer).isEqualTo("hello");
    assertThat(only().tokens()).isEqualTo(TokenUsage.of(9, 1));
    assertThat(used("tokens", aCall())).isEqualTo(10);
  }

  /** The short form records what the call throws, and throws it. */
  @Test
  final void theShortFormRecordsAFailureAndThrowsIt() {
    limit(1_000);
    Exception failure = new java.io.IOException("down");

    assertThatThrownBy(
            () ->
                accounting()
                    .call(
                        REQUEST,
                        () -> {
                          throw failure;
                        },
                        answer -> ModelAnswer.withoutUsage()))
        .isSameAs(failure);
    assertThat(only().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(held("tokens", aCall())).isZero();
  }

  /** A reader of answers that fails costs nobody the answer, and leaves the call visible. */
  @Test
  final void aReaderOfAnswersThatFailsLeavesTheCallWithAnEstimate() {
    assertThatThrownBy(
            () ->
                accounting()
                    .call(
                        REQUEST,
                        () -> "hello",
                        answer -> {
                          throw new IllegalArgumentException("no usage in " + answer);
                        }))
        .isInstanceOfSatisfying(
            AnswerNotRecordedException.class, e -> assertThat(e.answer()).isEqualTo("hello"))
        .hasMessageContaining("no usage in hello");
    assertThat(only().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(only().source()).isEqualTo(TokenSource.ESTIMATED);
  }
}
