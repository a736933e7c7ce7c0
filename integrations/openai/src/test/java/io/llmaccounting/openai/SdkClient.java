package io.llmaccounting.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import java.net.URI;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;

/** An application that asks by OpenAI's SDK. */
abstract class SdkClient implements TapClient {
  private final OpenAIClient client;

  SdkClient(OpenAIClient client) {
    this.client = client;
  }

  static OpenAIOkHttpClient.Builder builder(URI provider) {
    return OpenAIOkHttpClient.builder().apiKey("none").baseUrl(provider.resolve("/v1").toString());
  }

  final OpenAIClient client(Question question) {
    return client.withOptions(options -> options.maxRetries(question.retries()));
  }

  static RequestOptions options(Question question) {
    return RequestOptions.builder().timeout(question.timeout()).build();
  }

  @Override
  public void close() {
    client.close();
  }

  static <T> Stream pieces(StreamResponse<T> answer) {
    Iterator<T> chunks = answer.stream().iterator();
    return new Stream() {
      @Override
      public String next() {
        return chunks.hasNext() ? chunks.next().toString() : null;
      }

      @Override
      public void close() {
        answer.close();
      }
    };
  }

  /** Chat completions. */
  static final class Chat extends SdkClient {
    Chat(OpenAIClient client) {
      super(client);
    }

    private static ChatCompletionCreateParams params(Question question) {
      return ChatCompletionCreateParams.builder()
          .model("gpt-5-mini")
          .maxCompletionTokens(question.maxTokens())
          .addUserMessage(question.text())
          .build();
    }

    @Override
    public String ask(Question question) {
      return client(question)
          .chat()
          .completions()
          .create(params(question), options(question))
          .toString();
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      return text(
          client(question)
              .async()
              .chat()
              .completions()
              .create(params(question), options(question)));
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with what it returns
    public Stream stream(Question question) {
      return pieces(
          client(question)
              .chat()
              .completions()
              .createStreaming(params(question), options(question)));
    }
  }

  /** Responses. */
  static final class Responses extends SdkClient {
    Responses(OpenAIClient client) {
      super(client);
    }

    private static ResponseCreateParams params(Question question) {
      return ResponseCreateParams.builder()
          .model("gpt-5")
          .maxOutputTokens(question.maxTokens())
          .input(question.text())
          .build();
    }

    @Override
    public String ask(Question question) {
      return client(question).responses().create(params(question), options(question)).toString();
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      return text(client(question).async().responses().create(params(question), options(question)));
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with what it returns
    public Stream stream(Question question) {
      return pieces(
          client(question).responses().createStreaming(params(question), options(question)));
    }
  }

  /** The answer's text; cancelling it cancels the SDK's future. */
  private static CompletableFuture<String> text(CompletableFuture<?> asked) {
    CompletableFuture<String> text = asked.thenApply(Object::toString);
    text.whenComplete(
        (answer, error) -> {
          if (text.isCancelled()) {
            asked.cancel(true);
          }
        });
    return text;
  }
}
