package io.llmaccounting.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What chat models do beyond the contract. */
class MeteredChatModelTest extends Scene {
  private static final Attribution BOB = Attribution.NONE.withUser("bob");
  private static final ChatRequest HELLO =
      ChatRequest.builder().messages(UserMessage.from("Hello")).build();

  private static ChatModel answering(ChatResponse response) {
    return new ChatModel() {
      @Override
      public ChatResponse doChat(ChatRequest request) {
        return response;
      }
    };
  }

  private static ChatResponse.Builder response() {
    return ChatResponse.builder().aiMessage(AiMessage.from("Hi"));
  }

  @Test
  void everyWayToAskIsOneRecord() {
    ChatModel model = metered();

    String text = model.chat("Hello");
    ChatResponse ofMessages = model.chat(UserMessage.from("Hello"));
    ChatResponse ofList = model.chat(List.of(UserMessage.from("Hello")));
    ChatResponse withOptions = model.chat(HELLO, ChatRequestOptions.EMPTY);

    assertThat(text).isEqualTo(ofMessages.aiMessage().text());
    assertThat(ofList.tokenUsage()).isEqualTo(withOptions.tokenUsage());
    assertThat(provider.count()).isEqualTo(4);
    assertThat(records())
        .hasSize(4)
        .allSatisfy(
            call -> {
              assertThat(call.operation()).isEqualTo("chat");
              assertThat(call.provider()).isEqualTo("openai");
              assertThat(call.model()).isEqualTo("gpt-5-mini");
            });
  }

  @Test
  void answersLikeTheModelThatItDecorates() {
    ChatModel bare = openAi();
    ChatModel metered = MeteredChatModel.of(bare, accounting);

    assertThat(metered.provider()).isEqualTo(ModelProvider.OPEN_AI);
    assertThat(metered.defaultRequestParameters()).isSameAs(bare.defaultRequestParameters());
    assertThat(metered.supportedCapabilities()).isEqualTo(bare.supportedCapabilities());
    assertThat(metered.listeners()).isEqualTo(bare.listeners());
  }

  @Test
  void theOptionsOfACallSayWhoMakesItBeforeItsContextDoes() {
    ChatModel model = metered();
    try (CallContext.Scope alice =
        CallContext.of(Attribution.NONE.withUser("alice").withProject("search")).open()) {
      model.chat(HELLO, MeteredChatModel.attribution(BOB));
    }

    assertThat(record().attribution()).isEqualTo(BOB.withProject("search"));
  }

  @Test
  void theOptionsOfACallCanLeaveItOut() {
    denyAll();

    ChatResponse passed = metered().chat(HELLO, MeteredChatModel.unmetered());

    assertThat(passed.aiMessage().text()).isNotBlank();
    assertThat(records()).isEmpty();
  }

  @Test
  void anAttributeOfAnotherKindIsToldAndCostsNothing() {
    ChatRequestOptions odd =
        ChatRequestOptions.builder().addListenerAttribute(CallContext.class, "bob").build();

    metered().chat(HELLO, odd);

    assertThat(record().attribution().user()).isNull();
    assertThat(contained).singleElement().isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void listenersAreCalledOnceAndSeeTheAttributes() {
    List<Object> heard = new CopyOnWriteArrayList<>();
    ChatModelListener listener =
        new ChatModelListener() {
          @Override
          public void onRequest(ChatModelRequestContext context) {
            heard.add(context.attributes().get("turn"));
          }
        };
    ChatModel model =
        MeteredChatModel.of(
            OpenAiChatModel.builder()
                .baseUrl(provider.uri().resolve("/v1").toString())
                .apiKey("none")
                .modelName("gpt-5-mini")
                .listeners(listener)
                .build(),
            accounting);

    model.chat(HELLO, ChatRequestOptions.builder().addListenerAttribute("turn", 7).build());

    assertThat(heard).containsExactly(7);
  }

  @Test
  void aDecoratedModelWithinADecoratedOneIsOneRecord() {
    ChatModel twice = MeteredChatModel.of(MeteredChatModel.of(openAi(), accounting), accounting);

    twice.chat("Hello");

    assertThat(record().tokens().input()).isEqualTo(9_126);
  }

  private static TokenUsage golden(ProviderShape shape) {
    return io.llmaccounting.providers.UsageReader.create()
        .read(shape.answerText())
        .answer()
        .tokens();
  }

  @Test
  void whatLangChain4jHandsOutIsRecordedWhereNobodyReadsTheWire() {
    MeteredChatModel.of(Models.GEMINI.chat(provider.uri(), settings()), accounting).chat("Hello");

    Usage record = record();
    TokenUsage golden = golden(ProviderShape.GEMINI);
    assertThat(record.source()).isEqualTo(TokenSource.REPORTED);
    assertThat(record.provider()).isEqualTo("gcp.gemini");
    assertThat(record.tokens().total()).isEqualTo(golden.total());
    assertThat(record.tokens().cacheRead()).isEqualTo(400);
    assertThat(record.tokens().reasoning()).isEqualTo(golden.reasoning());
    assertThat(record.details().finishReason()).isEqualTo("stop");
    assertThat(record.details().attempts()).isNull();
  }

  @Test
  void aDenialIsThrownAsItIsAndNothingRepeatsIt() {
    denyAll();
    ChatModel model =
        MeteredChatModel.of(
            Models.OPENAI.chat(
                provider.uri(),
                new AppClient.Settings(Question.of("Hello").retries(5), settings().http())),
            accounting);

    assertThatThrownBy(() -> model.chat("Hello"))
        .isExactlyInstanceOf(QuotaExceededException.class)
        .hasNoCause();
    assertThat(provider.count()).isZero();
  }

  @Test
  void aModelThatTellsNothingIsAnEstimateAndNoFailure() {
    ChatModel model = MeteredChatModel.of(answering(response().build()), accounting);

    model.chat("Hello, what is an estimate?");

    Usage record = record();
    assertThat(record.model()).isEqualTo("unknown");
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record.source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(contained).isEmpty();
  }

  @Test
  void figuresThatContradictOneAnotherAreToldAndCostTheApplicationNothing() {
    ChatModel model = MeteredChatModel.of(answering(contradictory()), accounting);

    assertThat(model.chat("Hello")).isEqualTo("Hi");

    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(contained).singleElement().isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void underThePolicyFailTheyAreThrownAfterTheRecord() {
    try (LlmAccounting strict =
        LlmAccounting.builder(InMemoryBackend.create()).withoutShutdownHook().build()) {
      ChatModel model = MeteredChatModel.of(answering(contradictory()), strict);

      assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(IllegalArgumentException.class);
      assertThat(strict.tail()).hasSize(1);
    }
  }

  private static ChatResponse contradictory() {
    return response()
        .tokenUsage(
            OpenAiTokenUsage.builder()
                .inputTokenCount(1)
                .inputTokensDetails(
                    OpenAiTokenUsage.InputTokensDetails.builder().cachedTokens(9).build())
                .outputTokenCount(1)
                .build())
        .finishReason(FinishReason.STOP)
        .build();
  }

  @Test
  void aModelThatAnswersNothingCostsTheApplicationNothing() {
    ChatModel model = MeteredChatModel.of(answering(null), accounting);

    assertThat(model.chat(HELLO)).isNull();

    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(contained).hasSize(1);
  }

  @Test
  void aModelThatAnswersNullToAllQuestionsIsMeteredAllTheSame() {
    ChatModel mocked =
        new ChatModel() {
          @Override
          public ChatResponse chat(ChatRequest request) {
            return response().tokenUsage(new dev.langchain4j.model.output.TokenUsage(3, 2)).build();
          }

          @Override
          public ChatRequestParameters defaultRequestParameters() {
            return null;
          }

          @Override
          public ModelProvider provider() {
            return null;
          }
        };

    MeteredChatModel.of(mocked, accounting).chat("Hello");

    assertThat(record().tokens().total()).isEqualTo(5);
    assertThat(contained).isEmpty();
  }

  @Test
  void roomIsAskedForWithTheTextsAndTheBoundOfTheRequest() {
    List<CallRequest> asked = new ArrayList<>();
    try (LlmAccounting listening =
        LlmAccounting.builder(InMemoryBackend.create())
            .listener(
                new io.llmaccounting.call.CallListener() {
                  @Override
                  public void asked(CallRequest request) {
                    asked.add(request);
                  }
                })
            .withoutShutdownHook()
            .build()) {
      MeteredChatModel.of(openAi(), listening)
          .chat(
              ChatRequest.builder()
                  .messages(UserMessage.from("x".repeat(401)))
                  .maxOutputTokens(77)
                  .build());
    }

    assertThat(asked)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.inputTokens()).isEqualTo(101);
              assertThat(request.maxOutputTokens()).isEqualTo(77);
            });
  }

  @Test
  void aTapNamesTheProviderOfServersThatAnswerLikeOpenAi() {
    MeteredChatModel.of(openAi(), Tap.of(accounting).provider("deepseek")).chat("Hello");

    assertThat(record().provider()).isEqualTo("deepseek");
  }
}
