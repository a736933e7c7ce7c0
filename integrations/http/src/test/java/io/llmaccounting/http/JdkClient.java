package io.llmaccounting.http;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.ModelAnswer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** An application that asks models by the JDK's client, and repeats what is refused itself. */
final class JdkClient implements TapClient {
  private final ProviderShape shape;
  private final HttpClient http;
  private final CallMeter meter;
  private final URI provider;

  JdkClient(ProviderShape shape, HttpClient http, CallMeter meter, URI provider) {
    this.shape = shape;
    this.http = http;
    this.meter = meter;
    this.provider = provider;
  }

  private HttpRequest request(Question question, boolean streamed) {
    String body = shape.request(question.text(), question.maxTokens(), streamed);
    return HttpRequest.newBuilder(provider.resolve(shape.path(streamed)))
        .header("Content-Type", "application/json")
        .header("Accept-Encoding", "gzip")
        .timeout(question.timeout())
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  @Override
  public String ask(Question question) throws Exception {
    HttpRequest request = request(question, false);
    if (question.retries() == 0 || meter == null) {
      return http.send(request, BodyHandlers.ofString()).body();
    }
    try (LlmCall call = meter.begin(CallRequest.to(shape.model()))) {
      String answer = call.ask(() -> repeated(request, question.retries()));
      call.succeeded(ModelAnswer.withoutUsage());
      return answer;
    }
  }

  private String repeated(HttpRequest request, int retries) throws Exception {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    return response.statusCode() == 429 && retries > 0
        ? repeated(request, retries - 1)
        : response.body();
  }

  @Override
  public CompletableFuture<String> askAsync(Question question) {
    CompletableFuture<HttpResponse<String>> sent =
        http.sendAsync(request(question, false), BodyHandlers.ofString());
    CompletableFuture<String> body = sent.thenApply(HttpResponse::body);
    body.whenComplete((text, error) -> sent.cancel(true));
    return body;
  }

  @Override
  public Stream stream(Question question) throws Exception {
    InputStream body = http.send(request(question, true), BodyHandlers.ofInputStream()).body();
    byte[] piece = new byte[16_384];
    return new Stream() {
      @Override
      public String next() throws Exception {
        int read = body.read(piece);
        return read < 0 ? null : new String(piece, 0, read, StandardCharsets.ISO_8859_1);
      }

      @Override
      public void close() throws Exception {
        body.close();
      }
    };
  }
}
