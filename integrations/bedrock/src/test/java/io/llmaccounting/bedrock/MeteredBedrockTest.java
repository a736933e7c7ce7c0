package io.llmaccounting.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;

/** What of the AWS SDK is beyond the contract of all adapters. */
class MeteredBedrockTest extends Scene {
  private static final Attribution ALICE =
      Attribution.NONE.withUser("Alice & Bøb").withProject("search").withTag("team", "a=b");

  @Test
  void oneCallCanSayWhoMakesIt() {
    ConverseResponse unused =
        client.converse(
            converse()
                .overrideConfiguration(o -> o.addPlugin(MeteredBedrock.attribution(ALICE)))
                .build());

    assertThat(record().attribution()).isEqualTo(ALICE);
  }

  @Test
  void whatACallSaysComesBeforeItsContextAlsoWithoutWaiting() {
    try (CallContext.Scope bob =
        CallContext.of(Attribution.NONE.withUser("bob").withSession("s")).open()) {
      ConverseResponse unused =
          async
              .converse(
                  converse()
                      .overrideConfiguration(
                          o ->
                              o.addPlugin(
                                  MeteredBedrock.attribution(Attribution.NONE.withUser("alice"))))
                      .build())
              .join();
    }

    assertThat(record().attribution().user()).isEqualTo("alice");
    assertThat(record().attribution().session()).isEqualTo("s");
  }

  @Test
  void oneCallCanBeLeftOut() {
    ConverseResponse unused =
        client.converse(
            converse().overrideConfiguration(o -> o.addPlugin(MeteredBedrock.unmetered())).build());

    assertThat(provider.count()).isEqualTo(1);
    assertThat(records()).isEmpty();
  }

  @Test
  void requestsAreThoseOfTheBareClient() {
    ConverseResponse bareAnswer = bare.converse(converse().build());

    ConverseResponse answer = client.converse(converse().build());

    assertThat(answer).isEqualTo(bareAnswer);
    assertThat(provider.requests().get(1).text()).isEqualTo(provider.requests().get(0).text());
    assertThat(provider.requests().get(1).headers().keySet())
        .isEqualTo(provider.requests().get(0).headers().keySet());
  }

  @Test
  void shortFormsOfMethodsAreMetered() {
    ConverseResponse unused =
        client.converse(
            request ->
                request
                    .modelId(CONVERSE.model())
                    .messages(
                        message -> message.role("user").content(content -> content.text("Hello"))));

    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void aCallWithoutWaitingThatIsRepeatedIsOneRecordThatCountsItsAttempts() {
    provider.answering(FakeAnswer.error(503), FakeAnswer.tooMany(0));

    ConverseResponse unused = async.converse(converse().build()).join();

    assertThat(record().details().attempts()).isEqualTo(3);
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void anAnswerThatBreaksOffAndIsAskedForAgainIsOneRecordOfTheWholeOne() {
    provider.answering(CONVERSE.answer().inPiecesOf(40).brokenBefore(2));

    ConverseResponse unused = client.converse(converse().build());

    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(record().tokens().output()).isEqualTo(628);
    assertThat(record().details().attempts()).isEqualTo(2);
  }

  @Test
  void aSubscriberThatWantsNoMoreLeavesACancelledRecord() throws Exception {
    Gate gate = new Gate();
    provider.answering(CONVERSE.stream().waitingBefore(CONVERSE.textEvent() + 1, gate));
    List<String> seen = new CopyOnWriteArrayList<>();

    Void unused =
        async
            .converseStream(
                converseStream().build(),
                ConverseStreamResponseHandler.builder()
                    .onEventStream(events -> events.limit(1).subscribe(e -> seen.add(e.toString())))
                    .build())
            .join();
    gate.open();

    assertThat(seen).hasSize(1);
    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aStreamThatBreaksOffIsAFailedRecordThoughTheSdkEndsItInGoodOrder() throws Exception {
    provider.answering(CONVERSE.stream().brokenBefore(CONVERSE.textEvent() + 1));
    List<String> told = new CopyOnWriteArrayList<>();

    Void unused =
        async
            .converseStream(
                converseStream().build(),
                ConverseStreamResponseHandler.builder()
                    .onComplete(() -> told.add("complete"))
                    .onError(error -> told.add("error"))
                    .subscriber((ConverseStreamOutput event) -> {})
                    .build())
            .join();

    assertThat(told).containsExactly("complete");
    assertThat(heard().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(heard().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void aStreamThatOutgrowsALimitFailsItsFutureWithTheDenialAndTellsTheHandler() {
    accounting.limits().save(Limit.named("small").outputTokens(2_000).rolling(Duration.ofDays(1)));
    provider.answering(
        CONVERSE.stream(CONVERSE.withTextOf(3_000)).repeating(CONVERSE.textEvent(), 1_000));
    CompletableFuture<Throwable> told = new CompletableFuture<>();

    ExecutionException failed =
        catchThrowableOfType(
            ExecutionException.class,
            () ->
                async
                    .converseStream(
                        converseStream().inferenceConfig(c -> c.maxTokens(100)).build(),
                        ConverseStreamResponseHandler.builder()
                            .onError(told::complete)
                            .subscriber((ConverseStreamOutput event) -> {})
                            .build())
                    .get());

    assertThat(failed.getCause()).isInstanceOf(QuotaExceededException.class);
    assertThat(told.join()).isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isEqualTo(1);
  }

  @Test
  void modelsThatAnswerInAShapeOfTheirOwnAreRecordedWithTheirTokens() {
    provider.answering(
        FakeAnswer.json(
            """
            {"inputTextTokenCount": 7,
             "results": [{"tokenCount": 9, "outputText": "Hi", "completionReason": "FINISH"}]}"""));

    InvokeModelResponse answer =
        client.invokeModel(
            request ->
                request
                    .modelId("amazon.titan-text-express-v1")
                    .body(SdkBytes.fromUtf8String("{\"inputText\": \"Hello\"}")));

    assertThat(answer.body().asUtf8String()).contains("outputText");
    assertThat(record().model()).isEqualTo("amazon.titan-text-express-v1");
    assertThat(record().provider()).isEqualTo("aws.bedrock");
    assertThat(record().tokens().input()).isEqualTo(7);
    assertThat(record().tokens().output()).isEqualTo(9);
  }

  @Test
  void modelsOfAnthropicAreRecordedAsBedrocks() {
    InvokeModelResponse unused =
        client.invokeModel(
            request ->
                request
                    .modelId(ProviderShape.BEDROCK_INVOKE.model())
                    .body(
                        SdkBytes.fromUtf8String(
                            ProviderShape.BEDROCK_INVOKE.request("Hello", 100, false))));

    assertThat(record().provider()).isEqualTo("aws.bedrock");
    assertThat(record().tokens().output()).isEqualTo(503);
  }

  @Test
  void whatAsksNoModelIsNotRecorded() {
    provider.answering(FakeAnswer.json("{\"action\": \"NONE\", \"outputs\": []}"));

    ApplyGuardrailResponse answer =
        client.applyGuardrail(
            request ->
                request
                    .guardrailIdentifier("g")
                    .guardrailVersion("1")
                    .source("INPUT")
                    .content(content -> content.text(text -> text.text("Hello"))));

    assertThat(answer.actionAsString()).isEqualTo("NONE");
    assertThat(records()).isEmpty();
  }

  @Test
  void anAnswerThatCouldNotBeRecordedComesWithTheFailure() throws Exception {
    Gate gate = new Gate();
    provider.answering(CONVERSE.answer().waitingBefore(-1, gate));
    CompletableFuture<ConverseResponse> asked = async.converse(converse().build());
    gate.awaitReached();
    backend.breakDown();
    gate.open();

    ExecutionException failed = catchThrowableOfType(ExecutionException.class, asked::get);
    backend.recover();

    assertThat(failed.getCause()).isInstanceOf(AnswerNotRecordedException.class);
    assertThat(((AnswerNotRecordedException) failed.getCause()).answer(ConverseResponse.class))
        .isNotNull();
  }

  @Test
  void whatCannotBeReadIsThrownAfterTheCallWasRecorded() {
    provider.answering(FakeAnswer.json("{\"choices\":[}"));

    AnswerNotRecordedException failed =
        catchThrowableOfType(
            AnswerNotRecordedException.class,
            () ->
                client.invokeModel(
                    request ->
                        request
                            .modelId(ProviderShape.BEDROCK_INVOKE.model())
                            .body(SdkBytes.fromUtf8String("{\"max_tokens\": 5}"))));

    assertThat(failed.answer(InvokeModelResponse.class).body().asUtf8String())
        .isEqualTo("{\"choices\":[}");
    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void anInterruptedCallIsACancelledRecord() throws Exception {
    Gate gate = new Gate();
    provider.answering(CONVERSE.answer().waitingBefore(-1, gate));
    Thread caller = new Thread(() -> client.converse(converse().build()));
    caller.setUncaughtExceptionHandler((thread, error) -> {});
    caller.start();
    gate.awaitReached();

    // the SDK looks whether it was interrupted once the answer has come
    caller.interrupt();
    gate.open();

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
    caller.join();
  }

  @Test
  void aClientThatTellsNothingOfItselfIsMetered() {
    BedrockRuntimeClient standIn =
        new BedrockRuntimeClient() {
          @Override
          public ConverseResponse converse(ConverseRequest request) {
            return ConverseResponse.builder().stopReason("end_turn").build();
          }

          @Override
          public String serviceName() {
            return "bedrock";
          }

          @Override
          public void close() {}
        };

    ConverseResponse answer = MeteredBedrock.of(standIn, accounting).converse(converse().build());

    assertThat(answer.stopReasonAsString()).isEqualTo("end_turn");
    assertThat(record().provider()).isEqualTo("aws.bedrock");
    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void noConnectionIsAFailedRecord() {
    provider.close();

    assertThatThrownBy(() -> client.converse(converse().build())).isNotNull();

    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void aMeteredClientIsNotTheGivenOneAndReadsLikeIt() {
    assertThat(client).isNotEqualTo(bare).hasToString(bare.toString());
    assertThat(client.serviceName()).isEqualTo(bare.serviceName());
  }
}
