package io.llmaccounting.server.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Closes connections of clients on which no request is on its way, so that nobody keeps them for
 * nothing: neither by sending none, nor by sending one so slowly that it never begins. On one event
 * loop.
 */
final class Connections {
  private final Vertx vertx;
  private final Duration idle;
  private final LongSupplier nanos;
  private final Map<HttpConnection, Use> open = new HashMap<>();

  private static final class Use {
    int requests;
    long since;

    Use(long since) {
      this.since = since;
    }

    void ended(long now) {
      requests--;
      since = now;
    }
  }

  /** Closes what is idle for longer than {@code idle}. */
  Connections(Vertx vertx, Duration idle, LongSupplier nanos) {
    this.vertx = vertx;
    this.idle = idle;
    this.nanos = nanos;
  }

  /** Begins to look now and then. */
  void watch() {
    vertx.setPeriodic(Math.max(1, idle.toMillis() / 4), timer -> closeIdle());
  }

  /** Watches the clients of {@code server}, and hands on what they ask. */
  void of(
      HttpServer server,
      Consumer<HttpServerRequest> requests,
      Function<ServerWebSocketHandshake, Future<Void>> sessions) {
    server.connectionHandler(this::opened);
    server.requestHandler(
        request -> {
          begun(request);
          requests.accept(request);
        });
    server.webSocketHandshakeHandler(
        handshake -> {
          Use use = use(handshake.remoteAddress());
          use.requests++;
          sessions.apply(handshake).onFailure(refused -> use.ended(nanos.getAsLong()));
        });
  }

  private Use use(SocketAddress client) {
    return open.entrySet().stream()
        .filter(one -> client.equals(one.getKey().remoteAddress()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> new Use(nanos.getAsLong()));
  }

  private void opened(HttpConnection connection) {
    open.put(connection, new Use(nanos.getAsLong()));
    connection.closeHandler(closed -> open.remove(connection));
  }

  private void begun(HttpServerRequest request) {
    Use use = open.get(request.connection());
    if (use == null) {
      return;
    }
    use.requests++;
    request.response().endHandler(ended -> use.ended(nanos.getAsLong()));
  }

  private void closeIdle() {
    long now = nanos.getAsLong();
    for (Map.Entry<HttpConnection, Use> one : new ArrayList<>(open.entrySet())) {
      Use use = one.getValue();
      if (use.requests == 0 && now - use.since > idle.toNanos()) {
        Future<Void> unused = one.getKey().close();
      }
    }
  }
}
