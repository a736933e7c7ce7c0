package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.wire.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request: held as far as it is to be read before it is passed on, and passed on as
 * it comes beyond that. On the event loop of its request.
 */
final class IncomingBody {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final BodyLimits limits;
  private final ClientWatch client;
  private final Promise<Void> collected = Promise.promise();
  private Buffer held = Buffer.buffer();
  private Buffer heldBack = Buffer.buffer();
  private long came;
  private boolean whole;
  private long patience = -1;
  private @Nullable BodyReading reading;

  /** The body of a request, which is paused. */
  IncomingBody(PassageContext passage, BodyLimits limits) {
    this.vertx = passage.vertx();
    this.request = passage.request();
    this.client = passage.client();
    this.limits = limits;
  }

  /**
   * Reads until the body has ended, or is too long to be held. Fails where it is too long to be
   * accepted.
   */
  Future<Void> collect() {
    if (declared() > limits.most()) {
      return Future.failedFuture(tooLong());
    }
    waitForMore();
    client.whenGone(() -> collected.tryFail(new CancellationException("the client has gone")));
    request.handler(this::hold);
    request.endHandler(
        end -> {
          whole = true;
          collected.tryComplete();
        });
    request.resume();
    return collected.future().onComplete(done -> vertx.cancelTimer(patience));
  }

  /** A client that sends nothing more keeps nothing for long. */
  private void waitForMore() {
    vertx.cancelTimer(patience);
    patience =
        vertx.setTimer(
            PATIENCE.toMillis(),
            late ->
                collected.tryFail(
                    new RefusedException(
                        Refusal.of(
                                Refusal.Code.BAD_REQUEST,
                                "nothing more of the request has come for " + PATIENCE)
                            .status(408))));
  }

  private void hold(Buffer piece) {
    came += piece.length();
    held.appendBuffer(piece);
    waitForMore();
    if (came > limits.inspected()) {
      request.pause();
      collected.tryComplete();
    }
  }

  /** What is held: all of it if {@link #isWhole}, else its beginning. */
  Buffer held() {
    return held;
  }

  /** Whether all of it is held. */
  boolean isWhole() {
    return whole;
  }

  /** How long the client says that it is; negative where it does not say. */
  long declared() {
    String length = request.getHeader("Content-Length");
    return length == null ? -1 : Long.parseLong(length);
  }

  /** Has what is passed on as it comes read too. */
  void readOn(BodyReading reads) {
    reading = reads;
  }

  /** Whether there is a body at all. */
  boolean isThere() {
    boolean unframed = request.version() == HttpVersion.HTTP_2 && !request.isEnded();
    return declared() >= 0 || request.headers().contains("Transfer-Encoding") || unframed;
  }

  /**
   * Passes what is held on, and the rest as it comes. Once only. Fails where it is too long to be
   * accepted.
   */
  Future<Void> passTo(HttpClientRequest upstream) {
    if (declared() < 0 && isThere()) {
      upstream.setChunked(true);
    }
    Promise<Void> passed = Promise.promise();
    if (held.length() > 0) {
      Future<Void> unused = upstream.write(held);
    }
    held = Buffer.buffer();
    request.handler(
        piece -> {
          came += piece.length();
          if (came > limits.most()) {
            request.pause();
            passed.tryFail(tooLong());
          } else {
            pass(piece, upstream);
          }
        });
    request.endHandler(end -> finish(upstream, passed));
    request.resume();
    return passed.future();
  }

  private void finish(HttpClientRequest upstream, Promise<Void> passed) {
    try {
      if (reading != null) {
        reading.requireSame();
      }
      upstream.end(heldBack).onComplete(passed);
    } catch (RefusedException e) {
      passed.tryFail(e);
    }
  }

  private void pass(Buffer piece, HttpClientRequest upstream) {
    Buffer sent = piece;
    if (reading != null) {
      // the last piece may be what a length says is all, and is sent only after it was read
      reading.more(piece);
      sent = heldBack;
      heldBack = piece;
    }
    Future<Void> unused = upstream.write(sent);
    if (upstream.writeQueueFull()) {
      request.pause();
      upstream.drainHandler(drained -> request.resume());
    }
  }

  private RefusedException tooLong() {
    return new RefusedException(
        Refusal.of(
            Refusal.Code.REQUEST_TOO_LARGE,
            "the request is longer than %d bytes; send less, or have the gateway's bodies.most raised"
                .formatted(limits.most())));
  }
}
