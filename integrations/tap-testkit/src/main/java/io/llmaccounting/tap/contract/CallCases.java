package io.llmaccounting.tap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Whole answers, retries, nesting and denials. */
abstract class CallCases extends TapScene {
  @Test
  final void aCallIsOneRecordWithTheTokensAndTheCostOfItsAnswer() throws Exception {
    watchCalls();
    String bare = bareClient().ask(QUESTION);

    String metered = client().ask(QUESTION);

    assertThat(metered).isEqualTo(bare);
    Usage record = record();
    assertRecordOf(record, golden());
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertAttempts(record, 1);
    assertNothingHeld();
    assertThat(contained).isEmpty();
  }

  @Test
  final void aCallWithoutWaitingIsOneRecord() throws Exception {
    String bare = bareClient().ask(QUESTION);

    String metered = client().askAsync(QUESTION).get();

    assertThat(metered).isEqualTo(bare);
    assertRecordOf(record(), golden());
  }

  @Test
  final void packedAnswersCutAtAnyByteAreRead() throws Exception {
    Object bare = outcome(provider, bareClient(), shape().answer().gzip().inPiecesOf(1));

    Object metered = outcome(provider, client(), shape().answer().gzip().inPiecesOf(1));

    assertThat(metered).isEqualTo(bare);
    assertRecordOf(record(), golden());
  }

  @Test
  final void theTurnsOfAToolLoopAreRecordsOfOneSession() throws Exception {
    TapClient client = client();
    try (CallContext.Scope session = CallContext.of(Attribution.NONE.withSession("loop")).open()) {
      client.ask(QUESTION);
      client.ask(Question.of("The tool says: 42"));
    }

    assertThat(records.await(2))
        .hasSize(2)
        .allSatisfy(turn -> assertThat(turn.attribution().session()).isEqualTo("loop"));
  }

  @Test
  final void aCallThatIsRepeatedIsOneRecordThatCountsItsAttempts() throws Exception {
    provider.answering(FakeAnswer.tooMany(0), FakeAnswer.tooMany(0));

    client().ask(QUESTION.retries(3));

    assertThat(provider.count()).isEqualTo(3);
    assertRecordOf(record(), golden());
    assertAttempts(record(), 3);
  }

  @Test
  final void aCallWithinAnotherLayersIsNoRecordOfItsOwn() throws Exception {
    try (LlmCall outer = accounting.begin(CallRequest.to(shape().model()))) {
      String unused = outer.ask(() -> client().ask(QUESTION));
      outer.succeeded(ModelAnswer.withoutUsage());
    }

    assertRecordOf(record(), golden());
    assertAttempts(record(), 1);
  }

  @Test
  final void whatIsCalledUnmeteredPassesAndIsNotRecorded() throws Exception {
    denyAll();
    String bare = bareClient().ask(QUESTION);
    TapClient client = client();
    String passed;
    try (CallContext.Scope off = CallContext.unmetered().open()) {
      passed = client.ask(QUESTION);
    }

    assertThat(passed).isEqualTo(bare);
    assertThat(records.count()).isZero();
  }

  @Test
  final void aCallThatIsDeniedDoesNotReachTheProvider() {
    denyAll();
    TapClient client = client();

    Throwable thrown = catchThrowable(() -> client.ask(QUESTION.retries(3)));

    assertThat(denialIn(thrown, denialComesAs()).limitName()).isEqualTo("shut");
    assertThat(provider.count()).isZero();
    assertThat(records.count()).isZero();
  }

  @Test
  final void aCallWithoutWaitingThatIsDeniedDoesNotReachTheProvider() {
    denyAll();
    TapClient client = client();

    Throwable thrown = catchThrowable(() -> client.askAsync(QUESTION.retries(3)).get());

    assertThat(thrown).isInstanceOf(ExecutionException.class);
    assertThat(denialIn(thrown.getCause(), asyncDenialComesAs()).limitName()).isEqualTo("shut");
    assertThat(provider.count()).isZero();
    assertThat(records.count()).isZero();
  }

  @Test
  final void whatIsAskedForIsHeldWhileTheCallIsUnderWay() throws Exception {
    accounting.limits().save(Limit.named("out").outputTokens(5_000).rolling(Duration.ofDays(1)));
    Gate gate = new Gate();
    provider.answering(shape().answer().waitingBefore(-1, gate));
    CompletableFuture<String> answer = client().askAsync(QUESTION.maxTokens(700));
    gate.awaitReached();

    List<Long> held =
        accounting.quotas().status(CallRequest.to(shape().model())).stream()
            .filter(status -> status.limit().name().equals("out"))
            .map(LimitStatus::held)
            .toList();
    gate.open();

    assertThat(held).containsExactly(700L);
    assertThat(answer.get()).isNotNull();
    Usage unused = record();
    assertNothingHeld();
  }
}
