package io.llmaccounting.server.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Sends requests of 1 KB, and measures how long each takes. */
final class Load {
  private static final int CLIENTS = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Buffer BODY =
      Buffer.buffer(
          "{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
              + "word ".repeat(185)
              + "\"}],\"max_completion_tokens\":200}");

  private final Vertx vertx;
  private final HttpClient client;
  private final RequestOptions options;

  /**
   * What was measured; times in milliseconds.
   *
   * @param processor microseconds of processor that a request took, of everything in the process
   */
  record Figures(double perSecond, double p50, double p99, double processor) {
    private static Figures of(Histogram times, long begun, long processor) {
      long count = Math.max(1, times.getTotalCount());
      return new Figures(
          count * 1e9 / (System.nanoTime() - begun),
          times.getValueAtPercentile(50) / 1e3,
          times.getValueAtPercentile(99) / 1e3,
          (processorTime() - processor) / 1e3 / count);
    }
  }

  Load(Vertx vertx, int port) {
    this.vertx = vertx;
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

  private static long processorTime() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
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

  /** Sends so many, from clients that wait for their answers, and as long at least. */
  void warmUp(int requests, Duration time) {
    AtomicLong left = new AtomicLong(requests);
    long end = System.nanoTime() + time.toNanos();
    closed(() -> left.decrementAndGet() >= 0 || System.nanoTime() < end, new Histogram(3));
  }

  /** Sends as many as pass, from clients that wait for their answers. */
  Figures asManyAsPass(Duration time) {
    Histogram times = new ConcurrentHistogram(3);
    long processor = processorTime();
    long begun = System.nanoTime();
    closed(() -> System.nanoTime() - begun < time.toNanos(), times);
    return Figures.of(times, begun, processor);
  }

  private void closed(java.util.function.BooleanSupplier more, Histogram times) {
    CompletableFuture<?>[] clients = new CompletableFuture<?>[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      clients[i] = new CompletableFuture<>();
      again(more, times, clients[i]);
    }
    CompletableFuture.allOf(clients).join();
  }

  private void again(
      java.util.function.BooleanSupplier more, Histogram times, CompletableFuture<?> done) {
    if (!more.getAsBoolean()) {
      done.complete(null);
      return;
    }
    long begun = System.nanoTime();
    send()
        .onSuccess(
            body -> {
              times.recordValue((System.nanoTime() - begun) / 1_000);
              again(more, times, done);
            })
        .onFailure(done::completeExceptionally);
  }

  /**
   * Sends so many a second, whether answers come or not. The time of a request counts from when it
   * was to be sent, so that none is left out because one before it was slow.
   *
   * @throws java.util.concurrent.CompletionException if one fails, or has no answer in 20 s
   */
  Figures atRate(int perSecond, Duration time) {
    Histogram times = new ConcurrentHistogram(3);
    long processor = processorTime();
    long begun = System.nanoTime();
    new Paced(perSecond, Math.toIntExact(perSecond * time.toSeconds()), begun, times)
        .run()
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    return Figures.of(times, begun, processor);
  }

  /** Requests that are sent when it is time for them. On one event loop. */
  private final class Paced {
    private final long every;
    private final int most;
    private final long begun;
    private final Histogram times;
    private final Promise<Void> done = Promise.promise();
    private int sent;
    private int answered;

    Paced(int perSecond, int most, long begun, Histogram times) {
      this.every = 1_000_000_000L / perSecond;
      this.most = most;
      this.begun = begun;
      this.times = times;
    }

    Future<Void> run() {
      vertx.getOrCreateContext().runOnContext(start -> vertx.setPeriodic(1, this::sendDue));
      return done.future();
    }

    private void sendDue(long timer) {
      long now = System.nanoTime();
      while (sent < most && now - due(sent) >= 0) {
        long due = due(sent++);
        send().onSuccess(body -> answered(due)).onFailure(done::tryFail);
      }
      if (done.future().isComplete()) {
        vertx.cancelTimer(timer);
      } else if (now - due(most) > PATIENCE.toNanos()) {
        done.tryFail("%d of %d requests have no answer".formatted(most - answered, most));
      }
    }

    private long due(int index) {
      return begun + index * every;
    }

    private void answered(long due) {
      times.recordValue(Math.max(0, System.nanoTime() - due) / 1_000);
      if (++answered == most) {
        done.tryComplete();
      }
    }
  }
}
