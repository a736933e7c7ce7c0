package io.llmaccounting.server.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/** A provider that answers at once, and a proxy to it that meters nothing. */
final class Endpoints {
  private static final String ANSWER =
      "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1754640000,\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
          + "word ".repeat(130)
          + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":200,\"completion_tokens\":150,\"total_tokens\":350}}";

  private final Vertx vertx;

  Endpoints(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Starts a provider, and returns its port. */
  int provider() {
    return listen(
        request ->
            request
                .body()
                .onSuccess(
                    body -> {
                      Future<Void> unused =
                          request
                              .response()
                              .putHeader("Content-Type", "application/json")
                              .end(ANSWER);
                    }));
  }

  /** Starts a proxy to {@code provider}, and returns its port. */
  int proxy(int provider) {
    HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(10_000));
    return listen(
        request -> {
          request.pause();
          client
              .request(
                  new RequestOptions()
                      .setHost("127.0.0.1")
                      .setPort(provider)
                      .setMethod(request.method())
                      .setURI(request.uri())
                      .setHeaders(request.headers()))
              .compose(out -> out.send(request))
              .onSuccess(
                  answer -> {
                    request.response().setStatusCode(answer.statusCode());
                    request.response().headers().addAll(answer.headers());
                    Future<Void> unused = answer.pipeTo(request.response());
                  });
        });
  }

  private int listen(java.util.function.Consumer<HttpServerRequest> handler) {
    return vertx
        .createHttpServer()
        .requestHandler(handler::accept)
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .actualPort();
  }
}
