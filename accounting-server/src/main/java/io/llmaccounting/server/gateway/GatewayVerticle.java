package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.Listening;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Listens, on one event loop. */
final class GatewayVerticle extends VerticleBase {
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int LONGEST_HEADERS = 64 * 1024;

  /** How long a client may keep a connection on which it asks nothing. */
  private static final Duration IDLE = Duration.ofSeconds(75);

  /** What one message of a session may have, sound and pictures included. */
  static final int MAX_MESSAGE = 16 * 1024 * 1024;

  private final Listening listening;
  private final Consumer<HttpServerRequest> requests;
  private final Function<ServerWebSocketHandshake, Future<Void>> sessions;
  private final Consumer<HttpServer> opened;
  private final IntConsumer port;
  private @Nullable HttpServer server;

  /**
   * @param requests handles each request, on its event loop
   * @param sessions handles each wish for a session, on its event loop; done once it is open
   * @param opened is told the server, so that it can be stopped in order
   * @param port is told where it listens
   */
  GatewayVerticle(
      Listening listening,
      Consumer<HttpServerRequest> requests,
      Function<ServerWebSocketHandshake, Future<Void>> sessions,
      Consumer<HttpServer> opened,
      IntConsumer port) {
    this.listening = listening;
    this.requests = requests;
    this.sessions = sessions;
    this.opened = opened;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    HttpServer listener = vertx.createHttpServer(options(listening));
    server = listener;
    Connections connections = new Connections(vertx, IDLE, System::nanoTime);
    connections.watch();
    connections.of(listener, requests, sessions);
    opened.accept(listener);
    return listener.listen().onSuccess(open -> port.accept(open.actualPort()));
  }

  /**
   * How it listens. HTTP/2 is spoken with TLS only: without, Vert.x tells of no connection before
   * its first request is there, so that nobody could close one on which none comes.
   */
  static HttpServerOptions options(Listening listening) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(listening.host())
            .setPort(listening.port())
            .setMaxInitialLineLength(LONGEST_LINE)
            .setMaxHeaderSize(LONGEST_HEADERS)
            .setHandle100ContinueAutomatically(true)
            .setHttp2ClearTextEnabled(false)
            .setCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setMaxWebSocketMessageSize(MAX_MESSAGE)
            .addWebSocketSubProtocol("realtime")
            .setTcpNoDelay(true);
    if (listening.certificate() != null && listening.privateKey() != null) {
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(listening.certificate().toString())
                  .setKeyPath(listening.privateKey().toString()));
    }
    return options;
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
