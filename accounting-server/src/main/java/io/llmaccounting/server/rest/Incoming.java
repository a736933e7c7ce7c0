package io.llmaccounting.server.rest;

import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** The body of a request, which is paused, up to a bound. On its event loop. */
final class Incoming {
  /** The longest body: a thousand calls of 4 KiB each. */
  static final int MOST = 4 * 1024 * 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Promise<Buffer> whole = Promise.promise();
  private final Buffer held = Buffer.buffer();
  private long patience = -1;

  Incoming(Vertx vertx, HttpServerRequest request) {
    this.vertx = vertx;
    this.request = request;
  }

  /** All of it. */
  Future<Buffer> collect() {
    waitForMore();
    request.handler(this::hold);
    request.endHandler(end -> whole.tryComplete(held));
    request.exceptionHandler(
        broken -> fail(Problem.Code.TOO_SLOW, "the request broke off before its end"));
    request.resume();
    return whole.future().onComplete(done -> vertx.cancelTimer(patience));
  }

  private void hold(Buffer piece) {
    if (held.length() + piece.length() > MOST) {
      request.pause();
      fail(
          Problem.Code.TOO_LARGE,
          "the body must have at most %d bytes; send it in several requests".formatted(MOST));
      return;
    }
    held.appendBuffer(piece);
    waitForMore();
  }

  private void waitForMore() {
    vertx.cancelTimer(patience);
    patience =
        vertx.setTimer(
            PATIENCE.toMillis(),
            late -> fail(Problem.Code.TOO_SLOW, "nothing more has come for " + PATIENCE));
  }

  private void fail(Problem.Code code, String detail) {
    whole.tryFail(new ProblemException(code, detail));
  }
}
