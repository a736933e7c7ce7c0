package io.llmaccounting.server.gateway;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.wire.Credentials;
import io.llmaccounting.server.wire.PassedHeaders;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.server.wire.UpstreamAuth;
import io.llmaccounting.tap.Tap;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Begins realtime sessions: who calls, may they, and the connection on. On one event loop. */
final class Relay {
  private static final String PATH = "/realtime";

  private final GatewayParts parts;
  private final WebSocketClient client;

  Relay(GatewayParts parts, WebSocketClient client) {
    this.parts = parts;
    this.client = client;
  }

  /**
   * Connects a client that wants a session, or refuses it. Done once it is connected; failed where
   * it is refused.
   */
  Future<Void> begin(ServerWebSocketHandshake handshake) {
    Context context = parts.vertx().getOrCreateContext();
    return connect(handshake, context)
        .onFailure(
            cause -> {
              Future<Void> unused = handshake.reject(status(Reason.of(cause)));
            });
  }

  /** A session that is wanted. */
  private record Wanted(
      ServerWebSocketHandshake handshake,
      Context context,
      Route route,
      String model,
      Credentials.Found found) {}

  private Future<Void> connect(ServerWebSocketHandshake handshake, Context context) {
    try {
      parts.rates().take(handshake.remoteAddress());
      Route route = parts.routes().find(handshake.path());
      String model = model(handshake.query());
      if (!route.path().endsWith(PATH) || model == null) {
        throw new RefusedException(
            Refusal.of(
                Refusal.Code.NOT_FOUND, "sessions are relayed at .../realtime?model=... only"));
      }
      Credentials.Found found = Credentials.find(handshake.headers(), handshake.query());
      Wanted wanted = new Wanted(handshake, context, route, model, found);
      return permitted(wanted)
          .compose(
              caller -> {
                parts.rates().take(caller);
                return begin(wanted, caller);
              });
    } catch (RefusedException e) {
      return Future.failedFuture(e);
    }
  }

  /** Who it is that wants it; fails where they may not, or not any more. */
  private Future<Caller> permitted(Wanted wanted) {
    return Future.fromCompletionStage(parts.callers().find(wanted.found()), wanted.context())
        .map(
            caller -> {
              Asked.permit(caller, wanted.route().upstream());
              if (!caller.models().test(wanted.model())) {
                throw new RefusedException(
                    Refusal.of(
                        Refusal.Code.MODEL_NOT_ALLOWED,
                        "this key may not call model %s".formatted(wanted.model())));
              }
              return caller;
            });
  }

  private Future<Void> begin(Wanted wanted, Caller caller) {
    Upstream upstream = wanted.route().upstream();
    return new Told(parts, caller, upstream.settings(), null)
        .credential(wanted.context())
        .compose(secret -> client.connect(options(wanted.handshake(), wanted.route(), secret)))
        .compose(connected -> checked(upstream, connected))
        .compose(connected -> accept(wanted, caller, connected));
  }

  private static Future<WebSocket> checked(Upstream upstream, WebSocket connected) {
    if (upstream.allows(connected.remoteAddress())) {
      return Future.succeededFuture(connected);
    }
    Future<Void> unused = connected.close();
    return Future.failedFuture(upstream.forbidden());
  }

  private Future<Void> accept(Wanted wanted, Caller caller, WebSocket upstream) {
    upstream.pause();
    return wanted
        .handshake()
        .accept()
        .onFailure(
            gone -> {
              Future<Void> unused = upstream.close();
            })
        .map(
            accepted -> {
              Tap tap =
                  wanted
                      .route()
                      .upstream()
                      .tap()
                      .attribution(
                          caller.attribution().orElse(Identity.of(wanted.handshake().headers())));
              RelaySession.Owner owner =
                  new RelaySession.Owner(
                      tap, wanted.model(), wanted.context(), () -> permitted(wanted).mapEmpty());
              new RelaySession(accepted, upstream, owner).run();
              return null;
            });
  }

  private WebSocketConnectOptions options(
      ServerWebSocketHandshake handshake, Route route, Optional<Secret> secret) {
    UpstreamSettings settings = route.upstream().settings();
    MultiMap headers = PassedHeaders.toUpstream(handshake.headers());
    List<String> protocols = Credentials.subprotocols(handshake.headers());
    String query = Credentials.strip(handshake.query());
    String target = route.upstream().uri(route.path()) + (query == null ? "" : "?" + query);
    parts
        .auth()
        .apply(
            settings,
            secret.orElse(null),
            new UpstreamAuth.Outgoing("GET", target, headers, Buffer.buffer()));
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost(settings.base().getHost())
            .setPort(route.upstream().port())
            .setSsl(route.upstream().isSecure())
            .setURI(target)
            .setSubProtocols(protocols);
    options.setConnectTimeout(settings.timeouts().connect().toMillis());
    options.setHeaders(headers);
    return options;
  }

  private static @Nullable String model(@Nullable String query) {
    List<String> models =
        new QueryStringDecoder(query == null ? "" : query, false)
            .parameters().entrySet().stream()
                .filter(one -> one.getKey().equalsIgnoreCase("model"))
                .flatMap(one -> one.getValue().stream())
                .toList();
    return models.size() == 1 ? models.get(0) : null;
  }

  private static int status(Throwable cause) {
    if (cause instanceof RefusedException refused) {
      return refused.refusal().status();
    }
    return cause instanceof QuotaExceededException ? 429 : 502;
  }
}
