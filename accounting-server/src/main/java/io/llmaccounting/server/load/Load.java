package io.llmaccounting.server.load;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/** Sends the same request again and again, from one event loop. Safe for use by many threads. */
public final class Load implements AutoCloseable {
  // more is no use, and whoever looks for a free one looks through all
  private static final int MOST_CONNECTIONS = 1_000;

  private final Vertx vertx;
  private final Context context;
  private final HttpClient client;
  private final RequestOptions options;
  private final Buffer body;

  /**
   * Sends {@code body} to {@code target} by POST.
   *
   * @param headers of each request
   */
  public Load(Vertx vertx, URI target, MultiMap headers, Buffer body) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
    this.options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(target.toString())
            .setHeaders(headers);
    this.body = body;
  }

  /** A question of about so many bytes to a model, as OpenAI's chat completions have it. */
  public static Buffer question(String model, int bytes) {
    return new JsonObject()
        .put("model", model)
        .put(
            "messages",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("role", "user")
                        .put("content", "word ".repeat(Math.max(1, bytes / 5)))))
        .put("max_completion_tokens", 200)
        .toBuffer();
  }

  private Future<Buffer> send() {
    return client
        .request(options)
        .compose(request -> request.send(body))
        .compose(
            answer ->
                answer.statusCode() / 100 == 2
                    ? answer.body()
                    : answer
                        .body()
                        .compose(
                            said ->
                                Future.failedFuture(
                                    "status " + answer.statusCode() + ": " + said)));
  }

  /**
   * Sends as many as pass, from so many clients that wait for their answers. Never fails: what did
   * is counted.
   */
  public Future<Figures> from(int clients, Duration time) {
    return run(time, run -> run.from(clients));
  }

  /**
   * Sends so many a second, whether answers come or not; each time counts from when a request was
   * to be sent. Waits at most 20 s for the last answers. Never fails: what did is counted.
   */
  public Future<Figures> at(int perSecond, Duration time) {
    return run(time, run -> run.at(perSecond));
  }

  private Future<Figures> run(Duration time, Function<LoadRun, Future<Figures>> how) {
    Promise<Figures> done = Promise.promise();
    context.runOnContext(start -> how.apply(new LoadRun(vertx, this::send, time)).onComplete(done));
    return done.future();
  }

  /** Closes its connections. */
  @Override
  public void close() {
    Future<Void> unused = client.close();
  }
}
