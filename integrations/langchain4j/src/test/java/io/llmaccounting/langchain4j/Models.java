package io.llmaccounting.langchain4j;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.langchain4j.AppClient.Settings;
import java.net.URI;
import java.util.function.UnaryOperator;

/** The models of three providers, at one on loopback. */
enum Models {
  OPENAI {
    @Override
    ChatModel chat(URI uri, Settings settings) {
      return OpenAiChatModel.builder()
          .baseUrl(uri.resolve("/v1").toString())
          .apiKey("none")
          .modelName("gpt-5-mini")
          .timeout(settings.question().timeout())
          .maxRetries(settings.question().retries())
          .httpClientBuilder(settings.http())
          .build();
    }

    @Override
    StreamingChatModel streaming(URI uri, Settings settings) {
      return OpenAiStreamingChatModel.builder()
          .baseUrl(uri.resolve("/v1").toString())
          .apiKey("none")
          .modelName("gpt-5-mini")
          .timeout(settings.question().timeout())
          .httpClientBuilder(settings.http())
          .build();
    }
  },
  ANTHROPIC {
    @Override
    ChatModel chat(URI uri, Settings settings) {
      return AnthropicChatModel.builder()
          .baseUrl(uri.resolve("/v1").toString())
          .apiKey("none")
          .modelName("claude-sonnet-4-5")
          .timeout(settings.question().timeout())
          .maxRetries(settings.question().retries())
          .httpClientBuilder(settings.http())
          .build();
    }

    @Override
    StreamingChatModel streaming(URI uri, Settings settings) {
      return AnthropicStreamingChatModel.builder()
          .baseUrl(uri.resolve("/v1").toString())
          .apiKey("none")
          .modelName("claude-sonnet-4-5")
          .timeout(settings.question().timeout())
          .httpClientBuilder(settings.http())
          .build();
    }
  },
  GEMINI {
    @Override
    ChatModel chat(URI uri, Settings settings) {
      return GoogleAiGeminiChatModel.builder()
          .baseUrl(uri.resolve("/v1beta").toString())
          .apiKey("none")
          .modelName("gemini-2.5-flash")
          .timeout(settings.question().timeout())
          .maxRetries(settings.question().retries())
          .httpClientBuilder(settings.http())
          .build();
    }

    @Override
    StreamingChatModel streaming(URI uri, Settings settings) {
      return GoogleAiGeminiStreamingChatModel.builder()
          .baseUrl(uri.resolve("/v1beta").toString())
          .apiKey("none")
          .modelName("gemini-2.5-flash")
          .timeout(settings.question().timeout())
          .httpClientBuilder(settings.http())
          .build();
    }
  };

  abstract ChatModel chat(URI uri, Settings settings);

  abstract StreamingChatModel streaming(URI uri, Settings settings);

  final AppClient bare(URI uri) {
    return new AppClient(
        settings -> chat(uri, settings), settings -> streaming(uri, settings), http -> http);
  }

  final AppClient metered(CallMeter meter, URI uri, UnaryOperator<HttpClientBuilder> http) {
    return new AppClient(
        settings -> MeteredChatModel.of(chat(uri, settings), meter),
        settings -> MeteredStreamingChatModel.of(streaming(uri, settings), meter),
        http);
  }
}
