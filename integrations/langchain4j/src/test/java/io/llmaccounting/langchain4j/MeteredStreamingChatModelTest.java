package io.llmaccounting.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What streaming models do beyond the contract. */
class MeteredStreamingChatModelTest extends Scene {
  private static final ChatRequest HELLO =
      ChatRequest.builder().messages(UserMessage.from("Hello")).build();

  /** Hears a stream, and says when it ended. */
  private static class Heard implements StreamingChatResponseHandler {
    final List<String> pieces = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    final CompletableFuture<ChatResponse> complete = new CompletableFuture<>();

    @Override
    public void onPartialResponse(String piece) {
      pieces.add(piece);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      complete.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      errors.add(error);
    }

    final ChatResponse answer() throws Exception {
      return complete.get(20, TimeUnit.SECONDS);
    }
  }

  /** A model that calls its handler as a test says, on the thread that asks. */
  private static StreamingChatModel calling(
      ModelProvider provider, Consumer<StreamingChatResponseHandler> calls) {
    return new StreamingChatModel() {
      @Override
      public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        calls.accept(handler);
      }

      @Override
      public ModelProvider provider() {
        return provider;
      }
    };
  }

  private StreamingChatModel metered(
      ModelProvider provider, Consumer<StreamingChatResponseHandler> calls) {
    return MeteredStreamingChatModel.of(calling(provider, calls), accounting);
  }

  private static ChatResponse.Builder response() {
    return ChatResponse.builder().aiMessage(AiMessage.from("Hi"));
  }

  private static OpenAiTokenUsage usage() {
    return OpenAiTokenUsage.builder().inputTokenCount(7).outputTokenCount(5).build();
  }

  @Test
  void theHandlerIsCalledInTheContextOfWhoeverAsked() throws Exception {
    CompletableFuture<Attribution> seen = new CompletableFuture<>();
    Heard heard =
        new Heard() {
          @Override
          public void onCompleteResponse(ChatResponse response) {
            seen.complete(CallContext.current().attribution());
            super.onCompleteResponse(response);
          }
        };
    Attribution alice = Attribution.NONE.withUser("alice");
    try (CallContext.Scope scope = CallContext.of(alice).open()) {
      streaming().chat("Hello", heard);
    }

    assertThat(heard.answer()).isNotNull();
    assertThat(seen.get()).isEqualTo(alice);
    assertThat(CallContext.current().call()).isEmpty();
  }

  @Test
  void whatAHandlerThrowsIsNoFailureOfTheStream() throws Exception {
    Heard heard =
        new Heard() {
          @Override
          public void onPartialResponse(String piece) {
            super.onPartialResponse(piece);
            throw new IllegalStateException("the application's own");
          }
        };

    streaming().chat("Hello", heard);

    assertThat(heard.answer()).isNotNull();
    assertThat(heard.errors).hasSize(heard.pieces.size()).isNotEmpty();
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().tokens().input()).isEqualTo(7);
  }

  @Test
  void aStreamThatIsDeniedIsThrownBeforeAnythingIsSent() {
    denyAll();
    Heard heard = new Heard();
    StreamingChatModel model = streaming();

    assertThatThrownBy(() -> model.chat("Hello", heard))
        .isExactlyInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isZero();
    assertThat(heard.errors).isEmpty();
  }

  @Test
  void aModelThatCannotBeStoppedReachesNobodyAnyMore() {
    accounting.limits().save(Limit.named("small").outputTokens(100).rolling(Duration.ofDays(1)));
    Heard heard = new Heard();
    String text = "x".repeat(4_000);
    int[] sent = {0};
    StreamingChatModel model =
        metered(
            ModelProvider.OTHER,
            handler -> {
              while (heard.errors.isEmpty() && sent[0] < 10_000) {
                handler.onPartialResponse(text);
                sent[0]++;
              }
              handler.onPartialThinking(new PartialThinking("more"));
              handler.onCompleteResponse(response().build());
              handler.onError(new IllegalStateException("late"));
            });

    model.chat(
        ChatRequest.builder().messages(UserMessage.from("Hello")).maxOutputTokens(10).build(),
        heard);

    assertThat(heard.errors).singleElement().isInstanceOf(QuotaExceededException.class);
    assertThat(heard.complete).isNotDone();
    assertThat(heard.pieces).hasSizeLessThanOrEqualTo(sent[0]);
  }

  @Test
  void anEndWithoutUsageAndReasonIsFailedUnlessNobodyKnowsTheModel() {
    Consumer<StreamingChatResponseHandler> early =
        handler -> {
          handler.onPartialResponse("Hello");
          handler.onCompleteResponse(response().build());
        };

    metered(ModelProvider.MISTRAL_AI, early).chat(HELLO, new Heard());
    metered(ModelProvider.OTHER, early).chat(HELLO, new Heard());

    assertThat(records())
        .extracting(Usage::outcome)
        .containsExactlyInAnyOrder(Outcome.FAILED, Outcome.SUCCEEDED);
    assertThat(records()).extracting(Usage::source).containsOnly(TokenSource.ESTIMATED);
  }

  @Test
  void runningUsageOfGoogleWithoutAnEndIsPartial() {
    metered(
            ModelProvider.GOOGLE_AI_GEMINI,
            handler -> handler.onCompleteResponse(response().tokenUsage(usage()).build()))
        .chat(HELLO, new Heard());

    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(record().tokens().input()).isEqualTo(7);
  }

  @Test
  void aStreamThatEndsTwiceIsOneRecord() {
    Heard heard = new Heard();
    metered(
            ModelProvider.OPEN_AI,
            handler -> {
              handler.onError(new IllegalStateException("first"));
              handler.onCompleteResponse(response().tokenUsage(usage()).build());
            })
        .chat(HELLO, heard);

    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(heard.errors).hasSize(1);
    assertThat(heard.complete).isDone();
  }

  @Test
  void aHandleThatCannotCancelLeavesTheCallUnderWay() {
    StreamingHandle without =
        new StreamingHandle() {
          @Override
          public void cancel() {
            throw new UnsupportedOperationException("not here");
          }

          @Override
          public boolean isCancelled() {
            return false;
          }
        };
    Heard heard =
        new Heard() {
          @Override
          public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            assertThatThrownBy(context.streamingHandle()::cancel)
                .isInstanceOf(UnsupportedOperationException.class);
          }
        };
    metered(
            ModelProvider.OPEN_AI,
            handler -> {
              handler.onPartialResponse(
                  new PartialResponse("Hi"), new PartialResponseContext(without));
              handler.onCompleteResponse(response().tokenUsage(usage()).build());
            })
        .chat(HELLO, heard);

    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void aModelThatThrowsInsteadOfCallingItsHandlerIsAFailedRecord() {
    StreamingChatModel model =
        metered(
            ModelProvider.OTHER,
            handler -> {
              throw new IllegalStateException("planned");
            });

    assertThatThrownBy(() -> model.chat(HELLO, new Heard())).hasMessage("planned");
    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void theFirstTokenIsToldWhenItComes() throws Exception {
    Heard heard = new Heard();
    streaming().chat("Hello", heard);

    assertThat(heard.answer()).isNotNull();
    assertThat(record().details().timeToFirstToken()).isNotNull();
    assertThat(heard.pieces).containsExactly("Grüße 😀 data: [DONE]");
    assertThat(ProviderShape.OPENAI_CHAT.model()).isEqualTo(record().model());
  }
}
