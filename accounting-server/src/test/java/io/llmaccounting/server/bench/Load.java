package io.llmaccounting.server.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Sends requests of 1 KB, and measures how long each takes. */
final class Load {
  private static final int CLIENTS = 32;
  private static final Buffer BODY =
      Buffer.buffer(
          "{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
              + "word ".repeat(185)
              + "\"}],\"max_completion_tokens\":200}");

  private final HttpClient client;
  private final RequestOptions options;

  /** What was measured; times in milliseconds. */
  record Figures(double perSecond, double p50, double p99) {}

  Load(Vertx vertx, int port) {
    client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1_000));
    options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setMethod(HttpMethod.POST)
            .setURI("/v1/chat/completions")
            .addHeader("Authorization", "Bearer sk-acc-bench")
            .addHeader("Content-Type", "application/json");
  }

  private Future<Buffer> send() {
    return client
        .request(options)
        .compose(request -> request.send(BODY))
        .compose(
            answer ->
                answer.statusCode() == 200
                    ? answer.body()
                    : Future.failedFuture("status " + answer.statusCode()));
  }

  /** Sends as many as pass, from clients that wait for their answers. */
  Figures asManyAsPass(Duration time) {
    Histogram times = new ConcurrentHistogram(3);
    long begun = System.nanoTime();
    long end = begun + time.toNanos();
    CompletableFuture<?>[] clients = new CompletableFuture<?>[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      clients[i] = new CompletableFuture<>();
      again(end, times, clients[i]);
    }
    CompletableFuture.allOf(clients).join();
    return figures(times, begun);
  }

  private void again(long end, Histogram times, CompletableFuture<?> done) {
    long begun = System.nanoTime();
    if (begun >= end) {
      done.complete(null);
      return;
    }
    send()
        .onSuccess(
            body -> {
              times.recordValue((System.nanoTime() - begun) / 1_000);
              again(end, times, done);
            })
        .onFailure(done::completeExceptionally);
  }

  private static Figures figures(Histogram times, long begun) {
    return new Figures(
        times.getTotalCount() * 1e9 / (System.nanoTime() - begun),
        times.getValueAtPercentile(50) / 1e3,
        times.getValueAtPercentile(99) / 1e3);
  }
}
