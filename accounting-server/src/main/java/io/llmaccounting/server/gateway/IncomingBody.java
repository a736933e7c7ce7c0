package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.wire.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The body of a request: held as far as it is to be read before it is passed on, and passed on as
 * it comes beyond that. On the event loop of its request.
 */
final class IncomingBody {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final Context context;
  private final HttpServerRequest request;
  private final BodyLimits limits;
  private final HeldBodies room;
  private final ClientWatch client;
  private final Promise<Void> collected = Promise.promise();
  private Buffer held = Buffer.buffer();
  private Buffer heldBack = Buffer.buffer();
  private long came;
  private boolean whole;
  private boolean watched;
  private long taken;
  private long patience = -1;
  private final List<ReadAlong> readings = new ArrayList<>();

  /** Reads a body while it passes. */
  interface ReadAlong {
    /** The next piece. */
    void more(Buffer piece);

    /** All has come; fails where it must not pass. */
    Future<Void> all();
  }

  /** The body of a request, which is paused; takes of {@code room} what it holds. */
  IncomingBody(PassageContext passage, BodyLimits limits, HeldBodies room) {
    this.room = room;
    this.vertx = passage.vertx();
    this.context = passage.context();
    this.request = passage.request();
    this.client = passage.client();
    this.limits = limits;
  }

  /**
   * Reads until the body has ended, or is too long to be held. Fails where it is too long to be
   * accepted, or too slow.
   */
  Future<Void> collect() {
    if (declared() > limits.most()) {
      return Future.failedFuture(tooLong());
    }
    client.whenGone(() -> collected.tryFail(new CancellationException("the client has gone")));
    request.handler(this::hold);
    request.endHandler(
        end -> {
          whole = true;
          collected.tryComplete();
        });
    request.resume();
    // most are there before anything else is done, and need no timers
    context.runOnContext(next -> watch());
    return collected.future();
  }

  private void watch() {
    if (collected.future().isComplete()) {
      return;
    }
    long late =
        vertx.setTimer(
            limits.time().toMillis(),
            fired ->
                collected.tryFail(tooSlow("the request was not there within " + limits.time())));
    watched = true;
    waitForMore(collected);
    collected
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(patience);
              vertx.cancelTimer(late);
            });
  }

  /** A client that sends nothing more keeps nothing for long. */
  private void waitForMore(Promise<Void> waiting) {
    vertx.cancelTimer(patience);
    Duration most = limits.time().compareTo(PATIENCE) < 0 ? limits.time() : PATIENCE;
    patience =
        vertx.setTimer(
            most.toMillis(),
            late -> waiting.tryFail(tooSlow("nothing more of the request has come for " + most)));
  }

  private static RefusedException tooSlow(String message) {
    return new RefusedException(Refusal.of(Refusal.Code.BAD_REQUEST, message).status(408));
  }

  private void hold(Buffer piece) {
    if (collected.future().isComplete()) {
      return;
    }
    if (!room.take(piece.length())) {
      request.pause();
      collected.tryFail(noRoom());
      return;
    }
    taken += piece.length();
    came += piece.length();
    held.appendBuffer(piece);
    if (watched) {
      waitForMore(collected);
    }
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

  /** Holds nothing any more; can be repeated. */
  void forget() {
    held = Buffer.buffer();
    room.give(taken);
    taken = 0;
  }

  /** The request is over. */
  void end() {
    vertx.cancelTimer(patience);
    forget();
  }

  /** Has what is passed on as it comes read too. */
  void readOn(ReadAlong reads) {
    readings.add(reads);
  }

  /** Whether there is a body at all. */
  boolean isThere() {
    boolean unframed = request.version() == HttpVersion.HTTP_2 && !request.isEnded();
    return declared() >= 0 || request.headers().contains("Transfer-Encoding") || unframed;
  }

  /**
   * Passes what is held on, and the rest as it comes. Once only. Fails where it is too long to be
   * accepted, or the client falls silent.
   */
  Future<Void> passTo(HttpClientRequest upstream) {
    if (declared() < 0 && isThere()) {
      upstream.setChunked(true);
    }
    Promise<Void> passed = Promise.promise();
    if (held.length() > 0) {
      Future<Void> unused = upstream.write(held);
    }
    forget();
    waitForMore(passed);
    request.handler(
        piece -> {
          came += piece.length();
          if (came > limits.most()) {
            request.pause();
            passed.tryFail(tooLong());
          } else {
            waitForMore(passed);
            pass(piece, upstream, passed);
          }
        });
    request.endHandler(end -> finish(upstream, passed));
    request.resume();
    return passed.future().onComplete(done -> vertx.cancelTimer(patience));
  }

  private void finish(HttpClientRequest upstream, Promise<Void> passed) {
    vertx.cancelTimer(patience);
    if (passed.future().isComplete()) {
      return;
    }
    Future<Void> read = Future.succeededFuture();
    for (ReadAlong one : readings) {
      read = read.compose(before -> one.all());
    }
    read.compose(all -> upstream.end(heldBack))
        .onSuccess(all -> passed.tryComplete())
        .onFailure(passed::tryFail);
  }

  private void pass(Buffer piece, HttpClientRequest upstream, Promise<Void> passed) {
    Buffer sent = piece;
    if (!readings.isEmpty()) {
      // the last piece may be what a length says is all, and is sent only after it was read
      readings.forEach(one -> one.more(piece));
      sent = heldBack;
      heldBack = piece;
    }
    Future<Void> unused = upstream.write(sent);
    if (upstream.writeQueueFull()) {
      // now it is the upstream that is waited for
      vertx.cancelTimer(patience);
      request.pause();
      upstream.drainHandler(
          drained -> {
            waitForMore(passed);
            request.resume();
          });
    }
  }

  private static RefusedException noRoom() {
    return new RefusedException(
        Refusal.of(
                Refusal.Code.OVERLOADED,
                "the gateway holds as much of requests as it may; ask again, or have its"
                    + " bodies.together raised")
            .retryAfter(Duration.ofSeconds(1)));
  }

  private RefusedException tooLong() {
    return new RefusedException(
        Refusal.of(
            Refusal.Code.REQUEST_TOO_LARGE,
            "the request is longer than %d bytes; send less, or have the gateway's bodies.most raised"
                .formatted(limits.most())));
  }
}
