package io.llmaccounting.server.gateway;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.server.cache.CollectedAnswer;
import io.llmaccounting.server.config.GatewaySettings.GoneClients;
import io.llmaccounting.server.wire.EventBoundary;
import io.llmaccounting.server.wire.HiddenUsage;
import io.llmaccounting.server.wire.KeepAlive;
import io.llmaccounting.server.wire.LastEvent;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.server.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Passes an answer on as it comes, and tells of it. What the client gets is what the upstream sent,
 * but for a chunk that only the gateway asked for, and for how it ends where it breaks. On the
 * event loop of the client's request.
 */
final class AnswerPump {
  /**
   * What decides how it goes.
   *
   * @param events whether the answer is a stream of events
   * @param hidden takes out what the client has not asked for; null if there is nothing
   * @param collected keeps the answer once it is whole; null if nobody does
   * @param claims makes what the answer says that it keeps the caller's own; null if nobody does
   * @param keepAlive after how long a silent stream is told that it lives on, or null
   * @param idle how long the upstream may be silent
   * @param total how long the answer may take from now on
   * @param gone what happens when the client goes
   */
  record Manner(
      Wire wire,
      boolean events,
      @Nullable HiddenUsage hidden,
      @Nullable CollectedAnswer collected,
      @Nullable Claims claims,
      @Nullable Duration keepAlive,
      Duration idle,
      Duration total,
      GoneClients gone) {}

  private final PassageContext passage;
  private final HttpClientResponse upstream;
  private final HttpServerResponse client;
  private final Metering metering;
  private final Manner manner;
  private final EventBoundary boundary;
  private final Promise<Void> ended = Promise.promise();
  private final Silence silence;
  private boolean clientGone;
  private boolean over;
  private @Nullable Refusal stopping;

  AnswerPump(
      PassageContext passage, HttpClientResponse upstream, Metering metering, Manner manner) {
    this.passage = passage;
    this.upstream = upstream;
    this.client = passage.request().response();
    this.metering = metering;
    this.manner = manner;
    this.boundary =
        EventBoundary.of(
            upstream.getHeader("Content-Type"), upstream.getHeader("Content-Encoding"));
    this.silence = new Silence(passage.vertx(), manner.idle(), manner.total(), manner.keepAlive());
  }

  /** Passes all of it on. Done when the client has it and it is recorded, or it broke. */
  Future<Void> run() {
    upstream.exceptionHandler(this::broke);
    upstream.handler(this::piece);
    upstream.endHandler(end -> complete());
    passage.client().whenGone(this::left);
    if (!over) {
      upstream.resume();
      // most answers that are no streams are there before anything else is done
      passage.context().runOnContext(next -> watch());
    }
    return ended.future();
  }

  private void watch() {
    if (!over) {
      silence.watch(this::tooSlow, this::reassure);
    }
  }

  private void piece(Buffer piece) {
    if (over) {
      return;
    }
    silence.broken();
    if (stopping == null) {
      try {
        metering.feed(piece);
      } catch (QuotaExceededException e) {
        stopping = Refusal.of(e.denied());
      }
    }
    if (manner.collected() != null) {
      manner.collected().came(piece);
    }
    if (manner.claims() != null) {
      manner.claims().feed(piece);
    }
    HiddenUsage hidden = manner.hidden();
    Buffer shown = hidden == null ? piece : hidden.take(piece);
    if (stopping == null) {
      show(shown);
    } else {
      stop(shown, stopping);
    }
  }

  private void show(Buffer shown) {
    if (manner.collected() != null) {
      manner.collected().shown(shown);
    }
    if (clientGone || shown.length() == 0) {
      return;
    }
    if (manner.events()) {
      boundary.feed(shown);
    }
    Future<Void> unused = client.write(shown);
    if (client.writeQueueFull()) {
      upstream.pause();
      client.drainHandler(
          drained -> {
            // while the client was slow nobody listened to the upstream
            silence.broken();
            upstream.resume();
          });
    }
  }

  private void complete() {
    if (over) {
      return;
    }
    over = true;
    silence.end();
    HiddenUsage hidden = manner.hidden();
    if (hidden != null) {
      show(hidden.end());
    }
    if (manner.collected() != null) {
      manner.collected().completed();
    }
    Future<Void> claimed =
        manner.claims() == null ? Future.succeededFuture() : manner.claims().done();
    metering
        .completed(passage.context())
        .compose(recorded -> claimed)
        .onComplete(recorded -> close(recorded.cause()));
  }

  private void close(@Nullable Throwable unrecorded) {
    if (!clientGone) {
      Future<Void> unused = client.end();
    }
    finish(unrecorded);
  }

  /**
   * The answer outgrew a limit: the call was ended by whoever said so. The client gets the event
   * that it has begun to get, and then a last one.
   */
  private void stop(Buffer piece, Refusal reason) {
    int end = 0;
    while (manner.events() && end < piece.length() && !boundary.isBetweenEvents()) {
      boundary.feed(piece.slice(end, ++end));
    }
    if (!clientGone && end > 0) {
      Future<Void> unused = client.write(piece.slice(0, end));
    }
    if (manner.events() && !clientGone && !boundary.isBetweenEvents()) {
      return;
    }
    over = true;
    silence.end();
    Future<Void> unused = upstream.request().reset();
    lastWord(reason);
    finish(null);
  }

  private void broke(Throwable cause) {
    breakOff(
        cause,
        Refusal.of(Refusal.Code.UPSTREAM_UNAVAILABLE, "the upstream broke off while it answered"));
  }

  private void tooSlow(String what) {
    breakOff(
        new TimeoutException(what),
        Refusal.of(Refusal.Code.UPSTREAM_TIMEOUT, "the upstream took too long: " + what));
  }

  private void breakOff(Throwable cause, Refusal told) {
    if (over) {
      return;
    }
    over = true;
    silence.end();
    Future<Void> unused = upstream.request().reset();
    metering
        .failed(cause, passage.context())
        .onComplete(
            recorded -> {
              lastWord(told);
              finish(recorded.cause());
            });
  }

  /** Ends what the client gets in the form that it understands, or else so that it sees a break. */
  private void lastWord(Refusal reason) {
    if (clientGone) {
      return;
    }
    Buffer last = LastEvent.of(manner.wire(), reason);
    if (manner.events() && last.length() > 0 && boundary.isBetweenEvents()) {
      Future<Void> unused = client.end(last);
    } else {
      Future<Void> unused = client.reset();
    }
  }

  private void reassure() {
    Buffer word = KeepAlive.of(manner.wire());
    boolean fits = manner.events() && boundary.isBetweenEvents() && word.length() > 0;
    if (fits && !over && !clientGone) {
      Future<Void> unused = client.write(word);
    }
  }

  private void left() {
    clientGone = true;
    if (over) {
      return;
    }
    if (manner.gone() == GoneClients.DRAIN) {
      upstream.resume();
      return;
    }
    over = true;
    silence.end();
    Future<Void> unused = upstream.request().reset();
    metering.cancelled(passage.context()).onComplete(recorded -> finish(recorded.cause()));
  }

  private void finish(@Nullable Throwable unrecorded) {
    if (unrecorded == null) {
      ended.tryComplete();
    } else {
      ended.tryFail(unrecorded);
    }
  }
}
