package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.UpstreamTimeouts;
import io.llmaccounting.server.wire.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request to an upstream, until its answer begins. On the event loop of the client's request.
 */
final class Attempt {
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Upstream upstream;
  private final Promise<HttpClientResponse> answer = Promise.promise();
  private @Nullable HttpClientRequest sent;
  private boolean stopped;
  private long timer = NO_TIMER;

  Attempt(Vertx vertx, Upstream upstream) {
    this.vertx = vertx;
    this.upstream = upstream;
  }

  /**
   * Sends the request, whose body {@code body} writes. Fails with an {@link UpstreamException} that
   * says whether anything was sent.
   */
  Future<HttpClientResponse> send(
      RequestOptions options, Function<HttpClientRequest, Future<Void>> body, Metering metering) {
    if (!upstream.breaker().admits()) {
      return Future.failedFuture(leftAlone());
    }
    UpstreamTimeouts timeouts = upstream.settings().timeouts();
    options.setConnectTimeout(timeouts.connect().toMillis());
    upstream
        .client()
        .request(options)
        .onSuccess(request -> connected(request, body, metering))
        .onFailure(this::unreachable);
    return answer.future();
  }

  /** Takes the request back; what was sent of it may be worked on all the same. */
  void stop() {
    stopped = true;
    if (sent != null) {
      Future<Void> unused = sent.reset();
    }
    answer.tryFail(new java.util.concurrent.CancellationException("the client has gone"));
  }

  /** Takes the request back if nothing of it was sent; else its answer is waited for. */
  void stopUnlessSent() {
    if (sent == null) {
      stop();
    }
  }

  private void connected(
      HttpClientRequest request,
      Function<HttpClientRequest, Future<Void>> body,
      Metering metering) {
    request.exceptionHandler(this::broken);
    if (stopped) {
      Future<Void> unused = request.reset();
      return;
    }
    if (!upstream.allows(request.connection().remoteAddress())) {
      answer.tryFail(upstream.forbidden());
      Future<Void> unused = request.reset();
      return;
    }
    sent = request;
    metering.attempted();
    request.response().onSuccess(response -> answered(request, response)).onFailure(this::broken);
    body.apply(request)
        .onSuccess(all -> awaitAnswer(request))
        .onFailure(
            cause -> {
              if (cause instanceof RefusedException) {
                broken(cause);
                Future<Void> unused = request.reset();
              }
            });
  }

  private void answered(HttpClientRequest request, HttpClientResponse response) {
    vertx.cancelTimer(timer);
    // what comes before somebody listens would be lost
    response.pause();
    if (response.statusCode() < 200) {
      broken(new IllegalStateException("the answer has status " + response.statusCode()));
      Future<Void> unused = request.reset();
      return;
    }
    told(response.statusCode());
    if (!answer.tryComplete(response)) {
      Future<Void> unused = request.reset();
    }
  }

  /** The upstream has the whole request: from now on it is its turn, and not the client's. */
  private void awaitAnswer(HttpClientRequest request) {
    if (!answer.future().isComplete()) {
      long first = upstream.settings().timeouts().firstByte().toMillis();
      timer = vertx.setTimer(first, fired -> silent(request));
    }
  }

  private void told(int status) {
    if (status >= 500 && status != 501) {
      upstream.breaker().failed();
    } else {
      upstream.breaker().worked();
    }
  }

  private void silent(HttpClientRequest request) {
    failed(
        new UpstreamException(
            UpstreamException.Stage.SENT,
            Refusal.of(
                Refusal.Code.UPSTREAM_TIMEOUT,
                "upstream %s has not begun to answer within %s"
                    .formatted(name(), upstream.settings().timeouts().firstByte())),
            new TimeoutException("no answer began in time")));
    Future<Void> unused = request.reset();
  }

  private void unreachable(Throwable cause) {
    failed(
        new UpstreamException(
            UpstreamException.Stage.UNSENT,
            Refusal.of(
                Refusal.Code.UPSTREAM_UNAVAILABLE,
                "upstream %s cannot be reached".formatted(name())),
            cause));
  }

  private void broken(Throwable cause) {
    vertx.cancelTimer(timer);
    if (cause instanceof RefusedException) {
      answer.tryFail(cause);
      return;
    }
    failed(
        new UpstreamException(
            UpstreamException.Stage.SENT,
            Refusal.of(
                Refusal.Code.UPSTREAM_UNAVAILABLE,
                "upstream %s broke off before it answered".formatted(name())),
            cause));
  }

  /** Counts against the upstream once, and only what it did itself. */
  private void failed(UpstreamException reason) {
    if (answer.tryFail(reason)) {
      upstream.breaker().failed();
    }
  }

  private UpstreamException leftAlone() {
    return new UpstreamException(
        UpstreamException.Stage.UNSENT,
        Refusal.of(
                Refusal.Code.UPSTREAM_UNAVAILABLE,
                "upstream %s has failed again and again and is left alone for now"
                    .formatted(name()))
            .retryAfter(upstream.breaker().remaining()),
        new IllegalStateException("the breaker is open"));
  }

  private String name() {
    return upstream.settings().name();
  }
}
