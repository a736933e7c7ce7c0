package io.llmaccounting.server.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the server answers by itself: whether it lives and is ready, and its metrics. Safe for use
 * by many threads.
 */
final class OwnPages {
  private final Vertx vertx;
  private final BooleanSupplier draining;
  private final Callable<Optional<String>> trouble;
  private final Supplier<String> metrics;

  /**
   * @param draining whether the server is about to stop
   * @param trouble why requests can not be served, empty if they can; may block
   * @param metrics all metrics in the form of Prometheus; may block
   */
  OwnPages(
      Vertx vertx,
      BooleanSupplier draining,
      Callable<Optional<String>> trouble,
      Supplier<String> metrics) {
    this.vertx = vertx;
    this.draining = draining;
    this.trouble = trouble;
    this.metrics = metrics;
  }

  /** Answers the request, if it is for one of these pages. */
  boolean answers(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      return false;
    }
    switch (String.valueOf(request.path())) {
      case "/" -> text(request.response(), 200, "LLM Accounting\n");
      case "/health/live" -> text(request.response(), 200, "live\n");
      case "/health/ready" -> ready(request.response());
      case "/metrics" -> metrics(request.response());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void ready(HttpServerResponse response) {
    if (draining.getAsBoolean()) {
      text(response, 503, "stopping\n");
      return;
    }
    vertx
        .executeBlocking(trouble, false)
        .onComplete(
            told -> {
              if (told.failed()) {
                text(response, 503, "not ready\n");
              } else {
                text(
                    response,
                    told.result().isEmpty() ? 200 : 503,
                    told.result().orElse("ready") + "\n");
              }
            });
  }

  private void metrics(HttpServerResponse response) {
    vertx
        .executeBlocking(metrics::get, false)
        .onSuccess(
            all -> {
              response.putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
              Future<Void> unused = response.end(all);
            })
        .onFailure(failure -> text(response, 500, "no metrics\n"));
  }

  private static void text(HttpServerResponse response, int status, String text) {
    response.putHeader("Content-Type", "text/plain; charset=utf-8");
    response.putHeader("Cache-Control", "no-store");
    Future<Void> unused = response.setStatusCode(status).end(text);
  }
}
