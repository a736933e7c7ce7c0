package io.llmaccounting.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.contract.GatedMeter;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.tap.internal.Underway;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What is beyond the contract: who calls, and models that nobody knows. */
class MeteredChatModelTest extends Scene {
  private static final Prompt PROMPT =
      new Prompt(QUESTION.text(), Providers.OPENAI.options(QUESTION));

  /** A model that is no provider's. */
  private static ChatModel answering(ChatResponse... pieces) {
    return new ChatModel() {
      @Override
      public ChatResponse call(Prompt prompt) {
        return pieces[pieces.length - 1];
      }

      @Override
      public Flux<ChatResponse> stream(Prompt prompt) {
        return Flux.just(pieces);
      }
    };
  }

  private static ChatResponse piece(String text, Usage usage) {
    return new ChatResponse(
        List.of(new Generation(new AssistantMessage(text))),
        ChatResponseMetadata.builder().usage(usage).build());
  }

  @Test
  void aStreamBelongsToWhoeverMadeItWhereverItIsSubscribedTo() {
    Flux<ChatResponse> stream;
    try (CallContext.Scope scope = session()) {
      stream = metered().stream(PROMPT);
    }

    stream.subscribeOn(Schedulers.boundedElastic()).blockLast();

    assertThat(sessions()).containsExactly("loop");
  }

  @Test
  void whatReactorsContextSaysComesFirst() {
    try (CallContext.Scope scope = session()) {
      metered().stream(PROMPT)
          .contextWrite(MeteredChatModel.calledBy(Attribution.NONE.withUser("bob")))
          .blockLast();
    }

    assertThat(record().attribution().user()).isEqualTo("bob");
    assertThat(record().attribution().session()).isEqualTo("loop");
  }

  @Test
  void aStreamThatIsSaidToBeUnmeteredPasses() {
    allow(0);

    ChatResponse last =
        metered().stream(PROMPT).contextWrite(MeteredChatModel.unmetered()).blockLast();

    assertThat(last).isNotNull();
    assertThat(records()).isEmpty();
  }

  @Test
  void eachSubscriptionIsACall() {
    Flux<ChatResponse> stream = metered().stream(PROMPT);
    assertThat(provider.count()).isZero();

    stream.blockLast();
    stream.blockLast();

    assertThat(records()).hasSize(2);
  }

  @Test
  void piecesAreThoseThatTheModelGives() {
    List<ChatResponse> bare = openAi().stream(PROMPT).collectList().block();

    List<ChatResponse> metered = metered().stream(PROMPT).collectList().block();

    assertThat(metered).hasSameSizeAs(bare);
    assertThat(sent()).contains("\"include_usage\":true");
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void whatIsDeniedFailsTheStreamAndIsNotSent() {
    allow(0);
    Flux<ChatResponse> stream = metered().stream(PROMPT);

    assertThatThrownBy(stream::blockLast).isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isZero();
  }

  @Test
  void aStreamThatIsGivenUpWhileItWaitsForRoomIsNotSent() throws Exception {
    GatedMeter meter = new GatedMeter(accounting);
    Disposable stream = MeteredChatModel.of(openAi(), meter).stream(PROMPT).subscribe();
    meter.awaitAsked();

    stream.dispose();
    meter.open();

    assertThat(provider.count()).isZero();
    assertThat(records())
        .allSatisfy(call -> assertThat(call.outcome()).isEqualTo(Outcome.CANCELLED));
  }

  @Test
  void aStreamThatIsDisposedOfIsACancelledRecord() throws Exception {
    Gate gate = new Gate();
    provider.answering(ProviderShape.OPENAI_CHAT.stream().waitingBefore(3, gate));
    CountDownLatch first = new CountDownLatch(1);
    Disposable stream = metered().stream(PROMPT).subscribe(piece -> first.countDown());
    assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();

    stream.dispose();

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
    gate.open();
  }

  @Test
  void aThreadThatWasInterruptedBeforeAsksAllTheSame() {
    ChatModel model =
        MeteredChatModel.of(answering(piece("Hi", new DefaultUsage(3, 2))), accounting);
    Thread.currentThread().interrupt();

    ChatResponse answer = model.call(PROMPT);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(answer).isNotNull();
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aModelThatIsInterruptedIsACancelledRecord() {
    ChatModel interrupted =
        prompt -> {
          throw new IllegalStateException(new InterruptedException());
        };
    ChatModel model = MeteredChatModel.of(interrupted, accounting);

    assertThatThrownBy(() -> model.call(PROMPT)).isInstanceOf(IllegalStateException.class);
    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aModelThatGivesUpIsACancelledRecord() {
    ChatModel cancelled =
        prompt -> {
          throw new CancellationException();
        };
    ChatModel model = MeteredChatModel.of(cancelled, accounting);

    assertThatThrownBy(() -> model.call(PROMPT)).isInstanceOf(CancellationException.class);
    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void usageThatComesTwiceIsCountedOnce() {
    ChatModel model =
        MeteredChatModel.of(
            answering(
                piece("Hel", new DefaultUsage(7, 1)),
                piece("lo", new DefaultUsage(7, 5)),
                piece("", new DefaultUsage(7, 5))),
            accounting);

    model.stream(PROMPT).blockLast();

    assertThat(record().tokens().input()).isEqualTo(7);
    assertThat(record().tokens().output()).isEqualTo(5);
  }

  @Test
  void anAnswerWithoutUsageIsAnEstimate() {
    MeteredChatModel.of(answering(piece("Hello", null)), accounting).call(PROMPT);
    MeteredChatModel.of(answering(piece("Hello", new DefaultUsage(0, 0))), accounting).stream(
            PROMPT)
        .blockLast();

    assertThat(records())
        .hasSize(2)
        .allSatisfy(call -> assertThat(call.source()).isEqualTo(TokenSource.ESTIMATED));
  }

  @Test
  void aModelThatAnswersNothingIsARecord() {
    ChatModel silent = prompt -> null;

    assertThat(MeteredChatModel.of(silent, accounting).call(PROMPT)).isNull();
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void theProviderIsThatOfTheModuleOrOfTheTap() {
    metered().call(PROMPT);
    MeteredChatModel.of(openAi(), Tap.of(accounting).provider("deepseek")).call(PROMPT);

    assertThat(records().stream().map(call -> call.provider()))
        .containsExactlyInAnyOrder("openai", "deepseek");
  }

  @Test
  void nothingOfACallStaysOnItsThread() {
    metered().call(PROMPT);
    metered().stream(PROMPT).blockLast();

    assertThat(CallContext.current().call()).isEmpty();
    assertThat(Underway.current()).isEmpty();
  }

  @Test
  @SuppressWarnings("removal")
  void theModelsOptionsAreHandedOut() {
    assertThat(metered().getDefaultOptions().getModel()).isEqualTo("gpt-5-mini");
    assertThat(((MeteredChatModel) metered()).getOptions().getModel()).isEqualTo("gpt-5-mini");
  }
}
