package io.llmaccounting.springai;

import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.anthropic.api.AnthropicApi;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.model.tool.ToolExecutionEligibilityPredicate;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.web.client.DefaultResponseErrorHandler;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** The models of two providers, at one on loopback, as Spring AI 1.1 builds them. */
enum Providers {
  OPENAI(ProviderShape.OPENAI_CHAT) {
    @Override
    ChatModel chat(URI uri, Question question, Wire wire) {
      return OpenAiChatModel.builder()
          .openAiApi(openAi(uri, wire))
          .defaultOptions(options(question))
          .retryTemplate(retries(question))
          .build();
    }

    @Override
    OpenAiChatOptions options(Question question) {
      return OpenAiChatOptions.builder()
          .model(shape().model())
          .maxCompletionTokens((int) question.maxTokens())
          .build();
    }

    @Override
    ModelAnswer handedOut(ModelAnswer answer, boolean streamed) {
      return without(answer, answer.tokens(), answer.extras());
    }
  },
  ANTHROPIC(ProviderShape.ANTHROPIC_MESSAGES) {
    @Override
    ChatModel chat(URI uri, Question question, Wire wire) {
      return AnthropicChatModel.builder()
          .anthropicApi(
              AnthropicApi.builder()
                  .baseUrl(uri.toString())
                  .apiKey("none")
                  .restClientBuilder(wire.rest())
                  .webClientBuilder(wire.web())
                  .responseErrorHandler(Repeatable.INSTANCE)
                  .build())
          .defaultOptions(options(question))
          .retryTemplate(retries(question))
          .build();
    }

    @Override
    AnthropicChatOptions options(Question question) {
      return AnthropicChatOptions.builder()
          .model(shape().model())
          .maxTokens((int) question.maxTokens())
          .build();
    }

    /** How long caches live, thoughts and searches are left out. */
    @Override
    ModelAnswer handedOut(ModelAnswer answer, boolean streamed) {
      TokenUsage told = answer.tokens();
      TokenUsage left =
          TokenUsage.cacheExcluded()
              .input(told.uncachedInput())
              .cacheRead(told.cacheRead())
              .cacheWrite5m(told.cacheWrite5m() + told.cacheWrite1h())
              .output(told.output())
              .build();
      return without(answer, left, Map.of());
    }
  };

  private final ProviderShape shape;

  Providers(ProviderShape shape) {
    this.shape = shape;
  }

  final ProviderShape shape() {
    return shape;
  }

  final ChatModel chat(URI uri, Question question) {
    return chat(uri, question, Wire.plain(question));
  }

  final ChatModel chat(URI uri, Question question, HttpClient http) {
    return chat(uri, question, Wire.of(http, question));
  }

  /** A model of OpenAI that asks {@code before} whether it may run tools. */
  static ChatModel asking(URI uri, Question question, ToolExecutionEligibilityPredicate before) {
    return OpenAiChatModel.builder()
        .openAiApi(openAi(uri, Wire.plain(question)))
        .defaultOptions((OpenAiChatOptions) OPENAI.options(question))
        .retryTemplate(retries(question))
        .toolExecutionEligibilityPredicate(before)
        .build();
  }

  abstract ChatModel chat(URI uri, Question question, Wire wire);

  abstract ChatOptions options(Question question);

  /** What Spring AI hands out of {@code answer}: no tier of service, above all. */
  abstract ModelAnswer handedOut(ModelAnswer answer, boolean streamed);

  /** How many pieces of a stream the model holds back until more of them come. */
  final int piecesHeldBack() {
    return this == OPENAI ? 1 : 0;
  }

  /** The same for a chat client. */
  final ChatOptions clientOptions(Question question) {
    return options(question);
  }

  static OpenAiEmbeddingOptions embeddingOptions() {
    return OpenAiEmbeddingOptions.builder().model("text-embedding-3-small").build();
  }

  static EmbeddingModel embeddings(URI uri) {
    return new OpenAiEmbeddingModel(
        openAi(uri, Wire.plain(Question.of("none"))),
        MetadataMode.EMBED,
        OpenAiEmbeddingOptions.builder().model("text-embedding-3-small").build(),
        retries(Question.of("none")));
  }

  private static OpenAiApi openAi(URI uri, Wire wire) {
    return OpenAiApi.builder()
        .baseUrl(uri.toString())
        .apiKey("none")
        .restClientBuilder(wire.rest())
        .webClientBuilder(wire.web())
        .responseErrorHandler(Repeatable.INSTANCE)
        .build();
  }

  /**
   * By what is asked.
   *
   * @param rest for whole answers
   * @param web for streams
   */
  record Wire(RestClient.Builder rest, WebClient.Builder web) {
    static Wire plain(Question question) {
      SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
      requests.setReadTimeout(question.timeout());
      return new Wire(
          RestClient.builder().requestFactory(requests),
          WebClient.builder().clientConnector(new JdkClientHttpConnector()));
    }

    static Wire of(HttpClient http, Question question) {
      JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
      requests.setReadTimeout(question.timeout());
      return new Wire(
          RestClient.builder().requestFactory(requests),
          WebClient.builder().clientConnector(new JdkClientHttpConnector(http)));
    }
  }

  private static RetryTemplate retries(Question question) {
    return RetryTemplate.builder()
        .maxAttempts(question.retries() + 1)
        .noBackoff()
        .retryOn(TransientAiException.class)
        .build();
  }

  private static ModelAnswer without(
      ModelAnswer answer, TokenUsage tokens, Map<String, Long> extras) {
    return ModelAnswer.builder()
        .responseModel(answer.responseModel())
        .responseId(answer.responseId())
        .finishReason(answer.finishReason())
        .tokens(tokens)
        .source(answer.source())
        .extras(extras)
        .build();
  }

  /** Takes 429 for an error that may pass, as Boot's property for it does. */
  private static final class Repeatable extends DefaultResponseErrorHandler {
    static final Repeatable INSTANCE = new Repeatable();

    @Override
    public void handleError(URI url, HttpMethod method, ClientHttpResponse response)
        throws java.io.IOException {
      if (response.getStatusCode().value() == 429) {
        throw new TransientAiException("too many");
      }
      super.handleError(url, method, response);
    }
  }
}
