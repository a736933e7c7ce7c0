package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.config.Listening;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static final String ONCE = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final Duration IDLE = Duration.ofMillis(200);

  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient sockets = vertx.createWebSocketClient();
  private final HttpClient priorKnowledge =
      vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false));
  private final AtomicLong nanos = new AtomicLong();
  private volatile boolean timePasses;
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    server = listening(GatewayVerticle.options(new Listening("127.0.0.1", 0, null, null)));
  }

  private HttpServer listening(HttpServerOptions options) throws Exception {
    return GatewayScene.awaited(
        Future.<HttpServer>future(
            opened -> vertx.runOnContext(now -> watched(options).onComplete(opened))));
  }

  private Future<HttpServer> watched(HttpServerOptions options) {
    Connections connections = new Connections(vertx, IDLE, this::now);
    connections.watch();
    HttpServer listener = vertx.createHttpServer(options);
    connections.of(
        listener,
        request -> {
          if (request.path().equals("/silent")) {
            Future<Void> unused = request.response().setChunked(true).write("begun");
          } else {
            Future<Void> unused = request.response().end();
          }
        },
        handshake ->
            handshake.path().equals("/refused")
                ? handshake.reject(401).compose(told -> Future.failedFuture("refused"))
                : handshake.accept().onSuccess(ConnectionsTest::echo).mapEmpty());
    return listener.listen(0, "127.0.0.1");
  }

  /** Stands still, or goes on with each look at it. */
  private long now() {
    return timePasses ? nanos.addAndGet(IDLE.toNanos()) : nanos.get();
  }

  private static void echo(ServerWebSocket socket) {
    socket.textMessageHandler(
        message -> {
          Future<Void> unused = socket.writeTextMessage(message);
        });
  }

  @AfterEach
  void close() throws Exception {
    GatewayScene.awaited(vertx.close());
  }

  /** Returns once a connection was closed that was opened later and on which no more is asked. */
  private void anIdleOneIsClosed() throws Exception {
    timePasses = false;
    try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      idle.setSoTimeout(20_000);
      idle.getOutputStream().write(ONCE.getBytes(StandardCharsets.US_ASCII));
      assertThat(idle.getInputStream().read()).isPositive();
      timePasses = true;
      assertThat(idle.getInputStream().readAllBytes()).isNotEmpty();
    }
    timePasses = false;
  }

  @Test
  void aConnectionOnWhichNothingEverComesIsClosed() throws Exception {
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      silent.setSoTimeout(20_000);
      timePasses = true;

      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aConnectionOnWhichHeadersNeverEndIsClosedHoweverOftenOneComes() throws Exception {
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      slow.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
      slow.setSoTimeout(50);
      timePasses = true;

      assertThat(dripped(slow)).isEqualTo(-1);
    }
  }

  /** Sends a header now and then until something comes back, and returns that. */
  private static int dripped(Socket slow) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < end) {
      try {
        slow.getOutputStream().write("X: 1\r\n".getBytes(StandardCharsets.US_ASCII));
        return slow.getInputStream().read();
      } catch (SocketTimeoutException notYet) {
        // the next header
      } catch (SocketException closed) {
        return -1;
      }
    }
    throw new AssertionError("the connection stays open");
  }

  @Test
  void aSessionIsNotIdle() throws Exception {
    CompletableFuture<String> echoed = new CompletableFuture<>();
    WebSocket socket = GatewayScene.awaited(sockets.connect(server.actualPort(), "127.0.0.1", "/"));
    socket.textMessageHandler(echoed::complete);

    anIdleOneIsClosed();
    anIdleOneIsClosed();
    GatewayScene.awaited(socket.writeTextMessage("still here"));

    assertThat(echoed.get(20, TimeUnit.SECONDS)).isEqualTo("still here");
  }

  @Test
  void aRefusedSessionKeepsNoConnection() throws Exception {
    try (Socket refused = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      refused.setSoTimeout(20_000);
      refused
          .getOutputStream()
          .write(
              ("GET /refused HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      assertThat(new String(refused.getInputStream().readNBytes(13))).isEqualTo("HTTP/1.1 401 ");
      timePasses = true;

      assertThat(refused.getInputStream().readAllBytes()).isNotEmpty();
    }
  }

  @Test
  void aStreamOfHttp2ThatWasResetKeepsNoConnection() throws Exception {
    HttpServer http2 = listening(new HttpServerOptions());
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Buffer first =
        GatewayScene.awaited(
            priorKnowledge
                .request(HttpMethod.GET, http2.actualPort(), "127.0.0.1", "/silent")
                .compose(
                    request -> {
                      request.connection().closeHandler(closed::complete);
                      return request
                          .send()
                          .compose(
                              response ->
                                  Future.future(
                                      came ->
                                          response.handler(
                                              piece -> {
                                                Future<Void> unused = request.reset(8);
                                                came.tryComplete(piece);
                                              })));
                    }));

    assertThat(first.toString()).isEqualTo("begun");
    timePasses = true;
    assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
  }
}
