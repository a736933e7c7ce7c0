package io.llmaccounting.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientAsync;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClientAsync;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.MessageCreateParams;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import java.net.URI;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** An application that asks by Anthropic's SDK. */
abstract class SdkClient implements TapClient {
  static final String MODEL = "claude-sonnet-4-5";

  static AnthropicOkHttpClient.Builder builder(URI provider) {
    return AnthropicOkHttpClient.builder().apiKey("none").baseUrl(provider.toString());
  }

  static AnthropicOkHttpClientAsync.Builder asyncBuilder(URI provider) {
    return AnthropicOkHttpClientAsync.builder().apiKey("none").baseUrl(provider.toString());
  }

  static RequestOptions options(Question question) {
    return RequestOptions.builder().timeout(question.timeout()).build();
  }

  private static MessageCreateParams params(Question question) {
    return MessageCreateParams.builder()
        .model(MODEL)
        .maxTokens(question.maxTokens())
        .addUserMessage(question.text())
        .build();
  }

  static <T> Stream pieces(StreamResponse<T> answer) {
    Iterator<T> events = answer.stream().iterator();
    return new Stream() {
      @Override
      public String next() {
        return events.hasNext() ? events.next().toString() : null;
      }

      @Override
      public void close() {
        answer.close();
      }
    };
  }

  /** The answer's text; cancelling it cancels the SDK's future. */
  static CompletableFuture<String> text(CompletableFuture<?> asked) {
    CompletableFuture<String> text = asked.thenApply(Object::toString);
    text.whenComplete(
        (answer, error) -> {
          if (text.isCancelled()) {
            asked.cancel(true);
          }
        });
    return text;
  }

  /** Messages of the blocking client, and of the asynchronous one that it gives. */
  static final class Blocking extends SdkClient {
    private final AnthropicClient client;

    Blocking(AnthropicClient client) {
      this.client = client;
    }

    private AnthropicClient client(Question question) {
      return client.withOptions(options -> options.maxRetries(question.retries()));
    }

    @Override
    public String ask(Question question) {
      return client(question).messages().create(params(question), options(question)).toString();
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      return text(client(question).async().messages().create(params(question), options(question)));
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with what it returns
    public Stream stream(Question question) {
      return pieces(
          client(question).messages().createStreaming(params(question), options(question)));
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /** The same of the asynchronous client, for which this waits. */
  static final class Async extends SdkClient {
    private final AnthropicClientAsync client;

    Async(AnthropicClientAsync client) {
      this.client = client;
    }

    private AnthropicClientAsync client(Question question) {
      return client.withOptions(options -> options.maxRetries(question.retries()));
    }

    @Override
    public String ask(Question question) throws Exception {
      try {
        return askAsync(question).get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      return text(client(question).messages().create(params(question), options(question)));
    }

    @Override
    public Stream stream(Question question) {
      return new PushedStream<>(
          client(question).messages().createStreaming(params(question), options(question)));
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /** The beta of messages. */
  static final class Beta extends SdkClient {
    private final AnthropicClient client;

    Beta(AnthropicClient client) {
      this.client = client;
    }

    private AnthropicClient client(Question question) {
      return client.withOptions(options -> options.maxRetries(question.retries()));
    }

    private static com.anthropic.models.beta.messages.MessageCreateParams betaParams(
        Question question) {
      return com.anthropic.models.beta.messages.MessageCreateParams.builder()
          .model(MODEL)
          .maxTokens(question.maxTokens())
          .addUserMessage(question.text())
          .build();
    }

    @Override
    public String ask(Question question) {
      return client(question)
          .beta()
          .messages()
          .create(betaParams(question), options(question))
          .toString();
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      return text(
          client(question)
              .async()
              .beta()
              .messages()
              .create(betaParams(question), options(question)));
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with what it returns
    public Stream stream(Question question) {
      return pieces(
          client(question)
              .beta()
              .messages()
              .createStreaming(betaParams(question), options(question)));
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
