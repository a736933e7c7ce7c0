package io.llmaccounting.springai;

import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.ModelAnswer;
import java.net.URI;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;

/** The models of two providers, at one on loopback, as Spring AI 2.0 builds them. */
enum Providers {
  OPENAI(ProviderShape.OPENAI_CHAT) {
    @Override
    ChatModel chat(URI uri, Question question) {
      OpenAiChatOptions options =
          OpenAiChatOptions.builder()
              .baseUrl(uri.resolve("/v1").toString())
              .apiKey("none")
              .timeout(question.timeout())
              .maxRetries(question.retries())
              .model(shape().model())
              .build();
      return OpenAiChatModel.builder().options(options).build();
    }

    @Override
    ChatOptions options(Question question) {
      return OpenAiChatOptions.builder()
          .model(shape().model())
          .timeout(question.timeout())
          .maxRetries(question.retries())
          .maxCompletionTokens((int) question.maxTokens())
          .build();
    }

    @Override
    ModelAnswer handedOut(ModelAnswer answer, boolean streamed) {
      return without(answer, null);
    }
  },
  ANTHROPIC(ProviderShape.ANTHROPIC_MESSAGES) {
    @Override
    ChatModel chat(URI uri, Question question) {
      AnthropicChatOptions options =
          AnthropicChatOptions.builder()
              .baseUrl(uri.toString())
              .apiKey("none")
              .timeout(question.timeout())
              .maxRetries(question.retries())
              .model(shape().model())
              .build();
      return AnthropicChatModel.builder().options(options).build();
    }

    @Override
    ChatOptions options(Question question) {
      return AnthropicChatOptions.builder()
          .model(shape().model())
          .timeout(question.timeout())
          .maxRetries(question.retries())
          .maxTokens((int) question.maxTokens())
          .build();
    }

    @Override
    ModelAnswer handedOut(ModelAnswer answer, boolean streamed) {
      return streamed ? without(answer, null) : answer;
    }
  };

  private final ProviderShape shape;

  Providers(ProviderShape shape) {
    this.shape = shape;
  }

  final ProviderShape shape() {
    return shape;
  }

  abstract ChatModel chat(URI uri, Question question);

  abstract ChatOptions options(Question question);

  /** What Spring AI hands out of {@code answer}. */
  abstract ModelAnswer handedOut(ModelAnswer answer, boolean streamed);

  /** How many pieces of a stream the model holds back until more of them come. */
  final int piecesHeldBack() {
    return 0;
  }

  /** The same for a chat client. */
  final ChatOptions.Builder<?> clientOptions(Question question) {
    return options(question).mutate();
  }

  static OpenAiEmbeddingOptions embeddingOptions() {
    return OpenAiEmbeddingOptions.builder().model("text-embedding-3-small").build();
  }

  static EmbeddingModel embeddings(URI uri) {
    return OpenAiEmbeddingModel.builder()
        .options(
            OpenAiEmbeddingOptions.builder()
                .baseUrl(uri.resolve("/v1").toString())
                .apiKey("none")
                .model("text-embedding-3-small")
                .build())
        .build();
  }

  private static ModelAnswer without(ModelAnswer answer, String tier) {
    return ModelAnswer.builder()
        .responseModel(answer.responseModel())
        .responseId(answer.responseId())
        .finishReason(answer.finishReason())
        .tokens(answer.tokens())
        .source(answer.source())
        .extras(answer.extras())
        .serviceTier(tier)
        .build();
  }
}
