package io.llmaccounting.server.bench;

import io.llmaccounting.server.load.InstantProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/** A provider that answers at once, and a proxy to it that meters nothing. */
final class Endpoints {
  private final Vertx vertx;

  Endpoints(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Starts a provider, and returns its port. */
  int provider() {
    return port(InstantProvider.listen(vertx, "127.0.0.1", 0));
  }

  /** Starts a proxy to {@code provider}, and returns its port. */
  int proxy(int provider) {
    HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(10_000));
    return port(
        vertx
            .createHttpServer()
            .requestHandler(request -> pass(client, provider, request))
            .listen(0, "127.0.0.1"));
  }

  private static void pass(HttpClient client, int provider, HttpServerRequest request) {
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
  }

  private static int port(Future<HttpServer> listening) {
    return listening.toCompletionStage().toCompletableFuture().join().actualPort();
  }
}
