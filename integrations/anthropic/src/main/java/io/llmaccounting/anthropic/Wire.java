package io.llmaccounting.anthropic;

import com.anthropic.core.ClientOptions;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.Sleeper;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.core.http.RetryingHttpClient;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.internal.Attempt;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * How a service sends below the metering: each attempt as its options say, authenticated,
 * intercepted and logged, and repeated as they say, by the SDK's own code.
 *
 * @param attempt sends once
 * @param executor where futures of asynchronous services go on
 */
record Wire(HttpClient attempt, Sleeper sleeper, Clock clock, int retries, Executor executor) {
  /** As {@code options} say, which are changed. */
  static Wire of(ClientOptions.Builder options) {
    ClientOptions asked = options.build();
    return new Wire(
        options.maxRetries(0).build().httpClient(),
        new Pause(asked.sleeper(), asked.completionExecutor()),
        asked.clock(),
        asked.maxRetries(),
        asked.completionExecutor());
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

  /** Goes on in the executor of the client, and not in the one timer of all pauses. */
  private record Pause(Sleeper sleeper, Executor executor) implements Sleeper {
    @Override
    public void sleep(Duration duration) {
      sleeper.sleep(duration);
    }

    @Override
    public CompletableFuture<Void> sleepAsync(Duration duration) {
      return sleeper.sleepAsync(duration).whenCompleteAsync((slept, error) -> {}, executor);
    }

    @Override
    public void close() {}
  }
}
