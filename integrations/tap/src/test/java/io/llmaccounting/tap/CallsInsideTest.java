package io.llmaccounting.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Metered clients inside of a method that asks a model make its call, and further ones. */
class CallsInsideTest extends MethodScene {
  @Test
  void aMeteredClientInsideMakesTheCallOfTheMethod() {
    Object unused =
        call(
            () -> {
              client(TokenUsage.of(70, 30));
              return TokenUsage.of(7, 3);
            });

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(70, 30));
    assertThat(record().provider()).isEqualTo("openai");
    assertThat(record().operation()).isEqualTo("chat");
    assertThat(record().attribution().user()).isEqualTo("alice");
    assertThat(record().details().attempts()).isEqualTo(1);
  }

  private void another(CallRequest asked) {
    Exchange exchange = Tap.of(accounting).request(asked, false).orElseThrow().begin();
    exchange.answered(ModelAnswer.of(TokenUsage.of(5, 5)));
    Exchange.await(exchange.completed());
  }

  @Test
  void aMethodThatAlsoAsksByHandTellsOfItsOwnCall() {
    Object unused =
        call(
            () -> {
              another(CallRequest.to("gpt-5-nano"));
              CallContext.current()
                  .call()
                  .orElseThrow()
                  .answered(ModelAnswer.of(TokenUsage.of(70, 30)));
              return "done";
            });

    assertThat(records())
        .extracting(Usage::tokens)
        .containsExactlyInAnyOrder(TokenUsage.of(5, 5), TokenUsage.of(70, 30));
    assertThat(records()).extracting(Usage::outcome).containsOnly(Outcome.SUCCEEDED);
  }

  @Test
  void whatAnotherModelAnsweredIsNotToldOnceMore() {
    Object unused =
        call(
            () -> {
              another(CallRequest.to("gpt-5-nano"));
              return "five words of the other";
            });

    assertThat(records())
        .extracting(Usage::tokens)
        .containsExactlyInAnyOrder(TokenUsage.of(5, 5), TokenUsage.NONE);
  }

  /** Limits on a session or a tag were not asked when it was not known. */
  @Test
  void aClientThatNamesMoreThanTheMethodIsAskedForItsOwnLimits() {
    accounting
        .limits()
        .save(Limit.named("tagged").tag("team", "red").requests(0).rolling(Duration.ofDays(1)));

    assertThatThrownBy(
            () ->
                call(
                    () -> {
                      another(CALL.tag("team", "red"));
                      return "done";
                    }))
        .isInstanceOf(QuotaExceededException.class);
  }

  @Test
  void aMethodThatAsksThreeTimesLeavesThreeRecords() {
    accounting.limits().save(Limit.named("three").requests(3).rolling(Duration.ofHours(1)));

    Object unused =
        call(
            () -> {
              client(TokenUsage.of(1, 1));
              client(TokenUsage.of(2, 2));
              client(TokenUsage.of(3, 3));
              return "done";
            });

    assertThat(records())
        .extracting(Usage::tokens)
        .containsExactlyInAnyOrder(TokenUsage.of(1, 1), TokenUsage.of(2, 2), TokenUsage.of(3, 3));
    assertThat(records()).extracting(record -> record.attribution().user()).containsOnly("alice");
    assertThatThrownBy(() -> call(() -> "more")).isInstanceOf(QuotaExceededException.class);
  }

  @Test
  void clientsThatAskAtTheSameTimeLeaveARecordEach() {
    Object unused =
        call(
            () -> {
              Exchange one = Tap.of(accounting).request(CALL, false).orElseThrow().begin();
              Exchange two = Tap.of(accounting).request(CALL, false).orElseThrow().begin();
              one.answered(ModelAnswer.of(TokenUsage.of(1, 1)));
              two.answered(ModelAnswer.of(TokenUsage.of(2, 2)));
              Exchange.await(two.completed());
              Exchange.await(one.completed());
              return "done";
            });

    assertThat(records())
        .extracting(Usage::tokens)
        .containsExactlyInAnyOrder(TokenUsage.of(1, 1), TokenUsage.of(2, 2));
  }

  @Test
  void aClientThatIsBegunWithoutWaitingMakesTheCallOfTheMethod() {
    Object unused =
        call(
            () -> {
              Exchange exchange =
                  Tap.of(accounting).request(CALL, false).orElseThrow().beginAsync().join();
              exchange.answered(ModelAnswer.of(TokenUsage.of(70, 30)));
              Exchange.await(exchange.completed());
              return "done";
            });

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(70, 30));
  }

  @Test
  void aClientInsideThatOutlivesTheMethodEndsItsCall() {
    Exchange exchange =
        (Exchange) call(() -> Tap.of(accounting).request(CALL, false).orElseThrow().begin());
    assertThat(records()).isEmpty();

    exchange.answered(ModelAnswer.of(TokenUsage.of(70, 30)));
    Exchange.await(exchange.completed());

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(70, 30));
  }

  @Test
  void aClientThatAsksAnotherModelIsAskedForItsOwnLimits() {
    accounting
        .limits()
        .save(
            Limit.named("no opus")
                .model("claude-opus-4-5")
                .requests(0)
                .rolling(Duration.ofDays(1)));
    AtomicBoolean passed = new AtomicBoolean();

    assertThatThrownBy(
            () ->
                call(
                    () -> {
                      client(CallRequest.to("claude-opus-4-5"), TokenUsage.of(7, 3));
                      passed.set(true);
                      return "done";
                    }))
        .isInstanceOf(QuotaExceededException.class);

    assertThat(passed).isFalse();
    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(0, 0));
  }

  @Test
  void anAnswerOfAnotherModelIsNotRecordedAgain() {
    Object unused =
        call(
            () -> {
              client(CallRequest.to("gpt-5-mini-2025-08-07"), TokenUsage.of(7, 3));
              return TokenUsage.of(7, 3);
            });

    assertThat(records())
        .extracting(Usage::tokens)
        .containsExactlyInAnyOrder(TokenUsage.of(7, 3), TokenUsage.of(0, 0));
  }

  @Test
  void aClientThatSaysWhoCallsIsAskedForThatOnesLimits() {
    accounting
        .limits()
        .save(Limit.named("no bob").user("bob").requests(0).rolling(Duration.ofDays(1)));

    assertThatThrownBy(
            () ->
                call(
                    () -> {
                      client(CallRequest.to("gpt-5-mini").user("bob"), TokenUsage.of(7, 3));
                      return "done";
                    }))
        .isInstanceOf(QuotaExceededException.class);
  }

  @Test
  void embeddingsBesideTheQuestionLeaveTheCallToTheMethod() {
    Object unused =
        call(
            () -> {
              client(
                  CallRequest.to("text-embedding-3-small").operation("embeddings"),
                  TokenUsage.of(9, 0));
              return TokenUsage.of(7, 3);
            });

    assertThat(records())
        .extracting(Usage::tokens)
        .containsExactlyInAnyOrder(TokenUsage.of(9, 0), TokenUsage.of(7, 3));
  }
}
