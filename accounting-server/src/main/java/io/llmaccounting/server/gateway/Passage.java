package io.llmaccounting.server.gateway;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.server.wire.Credentials;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.server.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way: who calls, may they, what is asked, which upstream answers, and the
 * answer back. On the event loop of the request.
 */
final class Passage {
  private static final Logger log = LoggerFactory.getLogger(Passage.class);

  private static final long LINGER = 2_000;

  private static final Outages outages = new Outages(log::warn, System::nanoTime);

  private final GatewayParts parts;
  private final PassageContext passage;
  private final HttpServerRequest request;
  private final IncomingBody body;
  private Wire wire = Wire.OTHER;
  private @Nullable Upstream upstream;

  private Passage(GatewayParts parts, HttpServerRequest request) {
    this.parts = parts;
    this.request = request;
    this.passage = PassageContext.of(parts.vertx(), request);
    this.body = new IncomingBody(passage, parts.settings().bodies(), parts.held());
  }

  /** Begins the way of a request. */
  static void begin(GatewayParts parts, HttpServerRequest request) {
    request.pause();
    Passage passage = new Passage(parts, request);
    parts.traffic().begun();
    passage
        .go()
        .onComplete(
            done -> {
              passage.body.end();
              if (done.failed()) {
                passage.refuse(Reason.of(done.cause()));
              }
              parts.traffic().ended(passage.upstream, request.response().getStatusCode());
            });
  }

  private Future<Void> go() {
    try {
      parts.rates().take(request.remoteAddress());
      requireOneReading();
      Route route = parts.routes().find(request.path() == null ? "" : request.path());
      wire = route.wire();
      upstream = route.upstream();
      Credentials.Found found = Credentials.find(request.headers(), request.query());
      return caller(found).compose(caller -> allowed(caller, route));
    } catch (RefusedException e) {
      return Future.failedFuture(e);
    }
  }

  /** What a server behind might read in another way than this one is not passed on. */
  private void requireOneReading() {
    String coding = request.getHeader("Transfer-Encoding");
    if (coding != null && !coding.strip().equalsIgnoreCase("chunked")) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Code.BAD_REQUEST, "a body is sent with its length or chunked, nothing else"));
    }
  }

  private Future<Caller> caller(Credentials.Found found) {
    return Future.fromCompletionStage(parts.callers().find(found), passage.context());
  }

  private Future<Void> allowed(Caller caller, Route route) {
    parts.rates().take(caller);
    Asked asked = new Asked(parts, passage, caller, body);
    Asked.permit(caller, route.upstream());
    return asked.read(route).compose(question -> new Legs(parts, passage, asked, question).run());
  }

  /** Tells the client why it gets no answer, if it is still there and has not got any of it. */
  private void refuse(Throwable cause) {
    HttpServerResponse response = request.response();
    // what fails because the client has gone is nobody's fault, and nobody hears of it
    if (passage.client().isGone() || response.ended()) {
      return;
    }
    Refusal refusal = refusal(cause);
    if (response.headWritten()) {
      Future<Void> unused = response.reset();
      return;
    }
    String connection = response.headers().get("Connection");
    // an answer of the upstream's may have been about to be passed on
    response.headers().clear();
    if (connection != null) {
      response.putHeader("Connection", connection);
    }
    response.setChunked(false);
    response.setStatusCode(refusal.status());
    response.headers().addAll(refusal.headers(wire));
    boolean lingers = !request.isEnded() && request.version() != HttpVersion.HTTP_2;
    if (lingers) {
      response.putHeader("Connection", "close");
    }
    Future<Void> unused = response.end(refusal.body(wire));
    if (lingers) {
      linger();
    }
  }

  /**
   * Gives a client that still sends its body the time to read why it was refused, and closes its
   * connection then: what is left of the body would be taken for the next request.
   */
  private void linger() {
    HttpConnection connection = request.connection();
    parts.vertx().setTimer(LINGER, late -> connection.close());
    request.handler(piece -> {});
    request.resume();
  }

  private static Refusal refusal(Throwable cause) {
    if (cause instanceof RefusedException refused) {
      return refused.refusal();
    }
    if (cause instanceof UpstreamException upstream) {
      return upstream.refusal();
    }
    if (cause instanceof QuotaExceededException quota) {
      return Refusal.of(quota);
    }
    if (cause instanceof BackendException store) {
      outages.tell(store);
      return Refusal.of(store);
    }
    if (cause instanceof UnknownNameException unknown) {
      return Refusal.of(unknown);
    }
    if (!(cause instanceof CancellationException)) {
      log.error("a request could not be passed on", cause);
    }
    return Refusal.of(Refusal.Code.INTERNAL_ERROR, "the gateway failed; its log says why");
  }
}
