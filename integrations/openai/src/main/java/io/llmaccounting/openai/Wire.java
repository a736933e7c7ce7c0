package io.llmaccounting.openai;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.Sleeper;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.RetryingHttpClient;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.internal.Attempt;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/**
 * How a service sends below the metering: each attempt as its options say, authenticated and
 * logged, and repeated as they say, by the SDK's own code.
 *
 * @param attempt sends once
 * @param usage what is asked for beside the answer
 */
record Wire(HttpClient attempt, Sleeper sleeper, Clock clock, int retries, StreamUsage usage) {
  /** As {@code options} say, which are changed. */
  static Wire of(ClientOptions.Builder options, boolean asksForUsage) {
    ClientOptions asked = options.build();
    HttpClient once = options.maxRetries(0).build().httpClient();
    JsonMapper json = asked.jsonMapper();
    return new Wire(
        once,
        asked.sleeper(),
        asked.clock(),
        asked.maxRetries(),
        new StreamUsage(json, asksForUsage));
  }

  /** Sends and repeats, in {@code each} every time. */
  HttpClient within(Attempt each) {
    return RetryingHttpClient.builder()
        .httpClient(new Attempts(attempt, each))
        .sleeper(sleeper)
        .clock(clock)
        .maxRetries(retries)
        .build();
  }

  private record Attempts(HttpClient attempt, Attempt each) implements HttpClient {
    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
      CallContext.Scope scope = each.begin();
      try {
        return attempt.execute(request, options);
      } finally {
        scope.close();
      }
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(
        HttpRequest request, RequestOptions options) {
      CallContext.Scope scope = each.begin();
      try {
        return attempt.executeAsync(request, options);
      } finally {
        scope.close();
      }
    }

    @Override
    public void close() {}
  }
}
