package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.GatewaySettings.GoneClients;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.wire.Credentials;
import io.llmaccounting.server.wire.EventBoundary;
import io.llmaccounting.server.wire.HiddenUsage;
import io.llmaccounting.server.wire.PassedHeaders;
import io.llmaccounting.server.wire.UpstreamAuth;
import io.llmaccounting.tap.Exchange;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A request to one upstream: admitted, sent, answered, and recorded as one call. On the event loop
 * of the client's request.
 */
final class Leg {
  private static final Duration LONGEST_REFUSAL = Duration.ofSeconds(5);

  private final GatewayParts parts;
  private final PassageContext passage;
  private final Asked.Question question;
  private final Upstream upstream;
  private final Caching caching;
  private Metering metering = Metering.NONE;
  private @Nullable HttpClientResponse answer;
  private @Nullable Tenancy tenancy;
  private long sentAt;

  /** A request of which {@code caching} keeps the answer. */
  Leg(GatewayParts parts, PassageContext passage, Asked.Question question, Caching caching) {
    this.caching = caching;
    this.parts = parts;
    this.passage = passage;
    this.question = question;
    this.upstream = question.route().upstream();
    this.tenancy = question.tenancy();
  }

  /** Asks whether the call may go ahead. Given up if the client goes meanwhile. */
  Future<Void> begin() {
    if (question.metered() == null) {
      return Future.succeededFuture();
    }
    CompletableFuture<Exchange> begun = question.metered().beginAsync();
    passage.client().whenGone(() -> begun.cancel(false));
    return Future.fromCompletionStage(begun, passage.context())
        .map(
            exchange -> {
              metering = Metering.of(exchange);
              return null;
            });
  }

  /** Sends the request; tells the status of the answer, which is kept. */
  Future<Integer> ask() {
    return tenant()
        .compose(
            known ->
                new Told(parts, question.caller(), upstream.settings(), credential())
                    .credential(passage.context()))
        .compose(
            secret -> {
              Attempt attempt = new Attempt(parts.vertx(), upstream);
              boolean drains = parts.settings().goneClients() == GoneClients.DRAIN;
              passage.client().whenGone(drains ? attempt::stopUnlessSent : attempt::stop);
              sentAt = System.nanoTime();
              return attempt.send(options(secret), this::write, metering);
            })
        .map(
            response -> {
              answer = response;
              parts.traffic().firstByte(upstream, Duration.ofNanos(System.nanoTime() - sentAt));
              metering.responded(
                  response.statusCode(),
                  response.getHeader("Content-Type"),
                  response.getHeader("Content-Encoding"));
              return response.statusCode();
            });
  }

  /** What stands in for an upstream has an account of its own. */
  private Future<Void> tenant() {
    if (tenancy != null || !question.claims()) {
      return Future.succeededFuture();
    }
    return Tenancy.of(parts, question.caller(), question.route(), passage.context())
        .map(
            found -> {
              tenancy = found.orElse(null);
              return null;
            });
  }

  private @Nullable String credential() {
    return tenancy == null ? null : tenancy.credential();
  }

  private boolean readsObjects() {
    return question.metered() == null
        && tenancy != null
        && ObjectAnswer.isRead(tenancy, passage.request().method().name());
  }

  private RequestOptions options(Optional<Secret> secret) {
    HttpServerRequest request = passage.request();
    MultiMap headers = PassedHeaders.toUpstream(request.headers());
    boolean reads =
        question.hidesUsage()
            || caching.isOn()
            || readsObjects()
            || question.claims()
            || ListedModels.isAsked(request, question.route());
    if (reads && headers.contains("Accept-Encoding")) {
      headers.set("Accept-Encoding", "identity");
    }
    String query = Credentials.strip(request.query());
    String target = upstream.uri(question.route().path()) + (query == null ? "" : "?" + query);
    Buffer bytes = question.bytes();
    if (bytes != null) {
      headers.set("Content-Length", Integer.toString(bytes.length()));
      nameJson(headers);
    }
    parts
        .auth()
        .apply(
            upstream.settings(),
            secret.orElse(null),
            new UpstreamAuth.Outgoing(request.method().name(), target, headers, bytes));
    return new RequestOptions()
        .setHost(upstream.settings().base().getHost())
        .setPort(upstream.port())
        .setSsl(upstream.isSecure())
        .setMethod(request.method())
        .setURI(target)
        .setFollowRedirects(false)
        .setHeaders(headers);
  }

  /** What was read as JSON is sent as JSON: a server that reads forms would find another model. */
  private void nameJson(MultiMap headers) {
    String type = headers.get("Content-Type");
    boolean form = type != null && type.toLowerCase(Locale.ROOT).contains("x-www-form-urlencoded");
    if (question.metered() != null && form) {
      headers.set("Content-Type", "application/json");
    }
  }

  private Future<Void> write(HttpClientRequest request) {
    Buffer bytes = question.bytes();
    return bytes == null ? question.body().passTo(request) : request.end(bytes);
  }

  /** Passes the answer on. Done when the client has it and it is recorded. */
  Future<Void> pass() {
    HttpClientResponse response = java.util.Objects.requireNonNull(answer);
    HttpServerResponse out = passage.request().response();
    boolean events = isStream(response);
    HiddenUsage hidden =
        question.hidesUsage() && events && response.statusCode() == 200 ? new HiddenUsage() : null;
    out.setStatusCode(response.statusCode());
    out.headers().addAll(PassedHeaders.toClient(response.headers()));
    if (hidden != null) {
      out.headers().remove("Content-Length");
    }
    if (events) {
      out.putHeader("X-Accel-Buffering", "no");
    }
    Standing.tell(metering, out);
    caching.tell(out.headers());
    if (ListedModels.isAsked(passage.request(), question.route()) && ListedModels.isIn(response)) {
      return ListedModels.pass(response, out, question.caller());
    }
    if (readsObjects() && ListedModels.isIn(response)) {
      return ObjectAnswer.pass(
          java.util.Objects.requireNonNull(tenancy),
          passage.request().method().name(),
          response,
          out);
    }
    if (hasBody(response.statusCode()) && !out.headers().contains("Content-Length")) {
      out.setChunked(true);
    }
    AnswerPump.Manner manner = manner(response, events, hidden);
    return forgotten(response)
        .compose(done -> new AnswerPump(passage, response, metering, manner).run());
  }

  private AnswerPump.Manner manner(
      HttpClientResponse response, boolean events, @Nullable HiddenUsage hidden) {
    UpstreamSettings settings = upstream.settings();
    return new AnswerPump.Manner(
        question.route().wire(),
        events,
        hidden,
        caching.collect(response, events, question),
        question.claims() && tenancy != null && response.statusCode() < 300
            ? new Claims(tenancy)
            : null,
        parts.settings().keepAlive(),
        settings.timeouts().idle(),
        settings.timeouts().total(),
        parts.settings().goneClients());
  }

  /** What was deleted is nobody's any more. */
  private Future<Void> forgotten(HttpClientResponse response) {
    boolean deleted =
        tenancy != null
            && passage.request().method().equals(HttpMethod.DELETE)
            && response.statusCode() < 300
            && tenancy.path() != null
            && tenancy.path().rest().isEmpty();
    return deleted && tenancy != null ? tenancy.gone() : Future.succeededFuture();
  }

  private boolean hasBody(int status) {
    return !passage.request().method().equals(HttpMethod.HEAD) && status != 204 && status != 304;
  }

  private static boolean isStream(HttpClientResponse response) {
    return EventBoundary.of(
            response.getHeader("Content-Type"), response.getHeader("Content-Encoding"))
        .isBetweenEvents();
  }

  /** The answer was a refusal, and another upstream is asked. Done once that is recorded. */
  Future<Void> giveUp() {
    if (answer != null) {
      drop(answer);
    }
    return metering.completed(passage.context());
  }

  /** Reads a refusal to its end, so that its connection can be used again, if that is near. */
  private void drop(HttpClientResponse refusal) {
    long late =
        parts
            .vertx()
            .setTimer(
                LONGEST_REFUSAL.toMillis(),
                fired -> {
                  Future<Void> unused = refusal.request().reset();
                });
    refusal.exceptionHandler(broken -> parts.vertx().cancelTimer(late));
    refusal.endHandler(ended -> parts.vertx().cancelTimer(late));
    refusal.handler(piece -> {});
    refusal.resume();
  }

  /** Something failed that nobody foresaw: what was held for the call is given back. */
  void abandon(Throwable reason) {
    Future<Void> unused = metering.failed(reason, passage.context());
  }

  /** There is no answer. Done once that is recorded. */
  Future<Void> fail(Throwable reason) {
    return passage.client().isGone()
        ? metering.cancelled(passage.context())
        : metering.failed(reason, passage.context());
  }
}
