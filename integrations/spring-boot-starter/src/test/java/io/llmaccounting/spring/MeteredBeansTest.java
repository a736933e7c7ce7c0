package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.TokenUsage;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.tap.fake.FakeProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Models among the beans are metered without code, and stay injectable as before. */
class MeteredBeansTest {
  @TempDir Path folder;

  private final FakeProvider provider = FakeProvider.start();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  LlmAccountingAutoConfiguration.class,
                  LlmAccountingLangChain4jAutoConfiguration.class));

  @AfterEach
  void close() {
    provider.close();
  }

  /** Somebody's service, which was written for a class. */
  record ByClass(OpenAiChatModel model) {}

  /** A model that is made by a builder alone, as some of LangChain4j's are. */
  static class BuiltModel implements ChatModel {
    private BuiltModel() {}

    static BuiltModel build() {
      return new BuiltModel();
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      return FinalModel.answer();
    }
  }

  @Test
  void aModelThatIsMadeByABuilderAloneIsMeteredByItsInterface() {
    runner
        .withBean("built", BuiltModel.class, BuiltModel::build)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              String unused = context.getBean(ChatModel.class).chat("hello");

              assertThat(context.getBean(LlmAccounting.class).tail()).hasSize(1);
            });
  }

  /** A model that nobody can make a subclass of; it also streams. */
  static final class FinalModel implements ChatModel, StreamingChatModel {
    @Override
    public ChatResponse chat(ChatRequest request) {
      return answer();
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
      handler.onCompleteResponse(answer());
    }

    private static ChatResponse answer() {
      return ChatResponse.builder()
          .aiMessage(AiMessage.from("yes"))
          .modelName("own")
          .tokenUsage(new TokenUsage(11, 7))
          .build();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
      return Set.of();
    }

    @Override
    public List<ChatModelListener> listeners() {
      return List.of();
    }

    @Override
    public ModelProvider provider() {
      return ModelProvider.OTHER;
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
      return ChatModel.super.defaultRequestParameters();
    }
  }

  @Test
  void metersWhatIsInjectedByItsInterface() {
    runner
        .withBean(ChatModel.class, this::openAi)
        .run(
            context -> {
              context.getBean(ChatModel.class).chat("hello");

              assertThat(context.getBean(LlmAccounting.class).tail())
                  .singleElement()
                  .satisfies(call -> assertThat(call.usage().model()).startsWith("gpt-5-mini"));
            });
  }

  @Test
  void metersWhatIsInjectedByItsClass() {
    runner
        .withBean(OpenAiChatModel.class, this::openAi)
        .withBean(ByClass.class)
        .run(
            context -> {
              OpenAiChatModel model = context.getBean(ByClass.class).model();
              model.chat("hello");

              assertThat(context.getBean(LlmAccounting.class).tail()).hasSize(1);
              assertThat(model.provider()).isEqualTo(openAi().provider());
              assertThat(model.defaultRequestParameters().modelName()).isEqualTo("gpt-5-mini");
            });
  }

  @Test
  void refusesBeforeTheProviderIsAsked() {
    runner
        .withBean(OpenAiChatModel.class, this::openAi)
        .withPropertyValues(
            "llm.accounting.limit-set=test",
            "llm.accounting.limits[0].name=none",
            "llm.accounting.limits[0].metric=requests",
            "llm.accounting.limits[0].max=0",
            "llm.accounting.limits[0].lifetime=true")
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);

              assertThatThrownBy(() -> model.chat("hello"))
                  .isInstanceOf(QuotaExceededException.class);
              assertThat(provider.count()).isZero();
            });
  }

  @Test
  void metersStreamsAndEmbeddings() {
    runner
        .withBean(
            OpenAiStreamingChatModel.class,
            () ->
                OpenAiStreamingChatModel.builder()
                    .baseUrl(provider.uri() + "/v1")
                    .apiKey("none")
                    .modelName("gpt-5-mini")
                    .build())
        .withBean(
            OpenAiEmbeddingModel.class,
            () ->
                OpenAiEmbeddingModel.builder()
                    .baseUrl(provider.uri() + "/v1")
                    .apiKey("none")
                    .modelName("text-embedding-3-small")
                    .build())
        .run(
            context -> {
              Collected answer = new Collected();
              context.getBean(StreamingChatModel.class).chat("hello", answer);
              answer.ended.await();
              context.getBean(EmbeddingModel.class).embed("hello");

              assertThat(context.getBean(LlmAccounting.class).tail())
                  .extracting(call -> call.usage().model().substring(0, 4))
                  .containsExactlyInAnyOrder("gpt-", "text");
            });
  }

  @Test
  void metersAFinalClassByItsInterfacesAndSaysWhyItCannotBeInjectedByClass() {
    runner
        .withBean("own", FinalModel.class, FinalModel::new)
        .run(
            context -> {
              context.getBean(ChatModel.class).chat("hello");
              context.getBean(StreamingChatModel.class).chat("hello", new Collected());

              assertThat(context.getBean(LlmAccounting.class).tail()).hasSize(2);
              assertThatThrownBy(() -> context.getBean("own", FinalModel.class))
                  .isInstanceOf(BeanNotOfRequiredTypeException.class)
                  .satisfies(
                      failure ->
                          assertThat(new MeteredBeanFailureAnalyzer().analyze(failure).getAction())
                              .contains("llm.accounting.metering.exclude=own"));
            });
  }

  @Test
  void leavesOutWhatIsExcludedAndAllIfItIsSwitchedOff() {
    runner
        .withBean("free", OpenAiChatModel.class, this::openAi)
        .withPropertyValues("llm.accounting.metering.exclude=other,free")
        .run(context -> assertThat(AopUtils.isAopProxy(context.getBean("free"))).isFalse());
    runner
        .withBean("free", OpenAiChatModel.class, this::openAi)
        .withPropertyValues("llm.accounting.metering.enabled=false")
        .run(context -> assertThat(AopUtils.isAopProxy(context.getBean("free"))).isFalse());
  }

  @Test
  void letsAListenerOfTheAccountingUseAModel() {
    runner
        .withBean(OpenAiChatModel.class, this::openAi)
        .withBean(
            "summary",
            AccountingListener.class,
            () -> new AccountingListener() {},
            definition -> definition.setDependsOn("openAiChatModel"))
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void saysAtTheStartThatLangChain4jIsTooOldForIt() {
    runner
        .withClassLoader(new FilteredClassLoader(ChatRequestOptions.class))
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("LangChain4j 1.13 or newer"));
  }

  @Test
  void isSetUpWithoutAWarningOfSpringsThatItComesEarly() {
    runner.run(
        context ->
            assertThat(context.getBeanNamesForType(Meterable.class))
                .hasSize(5)
                .allSatisfy(
                    name ->
                        assertThat(context.getBeanFactory().getBeanDefinition(name).getRole())
                            .isEqualTo(BeanDefinition.ROLE_INFRASTRUCTURE)));
  }

  /** Somebody's job, which asks a model once more when it ends. */
  record LastWords(ChatModel model) implements DisposableBean {
    @Override
    public void destroy() {
      String unused = model.chat("goodbye");
    }
  }

  @Test
  void whoAsksAModelIsClosedBeforeTheAccounting() {
    Path file = folder.resolve("usage.db");
    runner
        .withPropertyValues("llm.accounting.sqlite.path=" + file)
        .withBean("own", FinalModel.class, FinalModel::new)
        .withBean(LastWords.class)
        .run(context -> assertThat(context).hasNotFailed());

    try (LlmAccounting books = LlmAccounting.create(SqliteBackend.open(file))) {
      assertThat(books.tail()).hasSize(1);
    }
  }

  private OpenAiChatModel openAi() {
    return OpenAiChatModel.builder()
        .baseUrl(provider.uri() + "/v1")
        .apiKey("none")
        .modelName("gpt-5-mini")
        .build();
  }

  private static final class Collected implements StreamingChatResponseHandler {
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void onCompleteResponse(ChatResponse response) {
      ended.countDown();
    }

    @Override
    public void onError(Throwable error) {
      ended.countDown();
    }
  }
}
