package io.llmaccounting.genai;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An application that asks by Google's Gen AI SDK.
 *
 * @param waits whether it waits for answers of the asynchronous half
 */
record SdkClient(Client client, boolean waits) implements TapClient {
  static final String MODEL = "gemini-2.5-flash";

  /** A client of {@code provider}, with these options, or those of the SDK. */
  static Client of(URI provider, @Nullable ClientOptions options) {
    Client.Builder builder =
        Client.builder()
            .apiKey("none")
            .httpOptions(HttpOptions.builder().baseUrl(provider.toString()).build());
    return options == null ? builder.build() : builder.clientOptions(options).build();
  }

  static HttpOptions.Builder repeating(int times) {
    return HttpOptions.builder()
        .retryOptions(
            HttpRetryOptions.builder().attempts(times + 1).initialDelay(0.001).maxDelay(0.01));
  }

  private static GenerateContentConfig config(Question question) {
    return GenerateContentConfig.builder()
        .maxOutputTokens((int) question.maxTokens())
        .httpOptions(
            repeating(question.retries()).timeout((int) question.timeout().toMillis()).build())
        .build();
  }

  @Override
  public String ask(Question question) throws Exception {
    if (!waits) {
      return client.models.generateContent(MODEL, question.text(), config(question)).toJson();
    }
    try {
      return askAsync(question).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception known) {
        throw known;
      }
      throw e;
    }
  }

  @Override
  public CompletableFuture<String> askAsync(Question question) {
    CompletableFuture<GenerateContentResponse> asked =
        client.async.models.generateContent(MODEL, question.text(), config(question));
    CompletableFuture<String> answer = asked.thenApply(GenerateContentResponse::toJson);
    answer.whenComplete(
        (text, error) -> {
          if (answer.isCancelled()) {
            asked.cancel(true);
          }
        });
    return answer;
  }

  @Override
  public Stream stream(Question question) throws Exception {
    // the SDK's timeout is one of the whole answer, not of its beginning
    GenerateContentConfig patient = config(question.timeout(Duration.ofMinutes(10)));
    ResponseStream<GenerateContentResponse> answer =
        waits
            ? client.async.models.generateContentStream(MODEL, question.text(), patient).get()
            : client.models.generateContentStream(MODEL, question.text(), patient);
    Iterator<GenerateContentResponse> chunks = answer.iterator();
    return new Stream() {
      @Override
      public @Nullable String next() {
        return chunks.hasNext() ? chunks.next().toJson() : null;
      }

      @Override
      public void close() {
        answer.close();
      }
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
