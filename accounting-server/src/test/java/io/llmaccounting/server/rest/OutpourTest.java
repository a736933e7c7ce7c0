package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.server.rest.http.Pages;
import io.llmaccounting.server.rest.http.Workers;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that come piece by piece. */
class OutpourTest {
  private static final int PIECE = 64 * 1024;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong made = new AtomicLong();

  @AfterEach
  void close() throws Exception {
    RestScene.awaited(vertx.close());
  }

  private int serve(Pages pages) throws Exception {
    Workers workers = new Workers(vertx, "pieces", 2);
    HttpServer server =
        vertx.createHttpServer().requestHandler(request -> answer(request, workers, pages));
    return RestScene.awaited(server.listen(0, "127.0.0.1")).actualPort();
  }

  private static void answer(HttpServerRequest request, Workers workers, Pages pages) {
    if (request.path().equals("/other")) {
      io.vertx.core.Future<Void> unused = request.response().end("here");
      return;
    }
    request.response().setChunked(true);
    new Outpour(workers, request, pages, "a request").pour(Buffer.buffer("first\n"));
  }

  private Buffer piece() {
    made.incrementAndGet();
    return Buffer.buffer(new byte[PIECE]);
  }

  /** How many pieces are made once no more are, while others are answered. */
  private long settled(int port) throws Exception {
    long before = -1;
    for (int round = 0; round < 2_000 && before != made.get(); round++) {
      before = made.get();
      for (int i = 0; i < 100; i++) {
        assertThat(get(port, "/other")).isEqualTo("here");
      }
    }
    assertThat(made.get()).as("pieces made for a client that takes none").isEqualTo(before);
    return before;
  }

  private String get(int port, String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  @Test
  void nothingIsMadeForAClientThatDoesNotTakeItAndNothingMoreForOneThatHasLeft() throws Exception {
    int port = serve(this::piece);
    long held;
    try (Socket slow = new Socket("127.0.0.1", port)) {
      slow.getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      held = settled(port);
      // what the sockets of both ends hold, and no more
      assertThat(held).isBetween(1L, 64L * 1024 * 1024 / PIECE);
      slow.getInputStream().readNBytes(32 * 1024 * 1024);
      assertThat(made.get()).isGreaterThan(held);
    }
    long left = settled(port);
    assertThat(get(port, "/other")).isEqualTo("here");
    assertThat(made.get()).isEqualTo(left);
  }

  @Test
  void whatBreaksOffIsNotTakenForAll() throws Exception {
    int port =
        serve(
            () -> {
              if (made.get() == 3) {
                throw new IllegalStateException("the store is away");
              }
              return piece();
            });
    assertThatThrownBy(() -> get(port, "/")).isInstanceOf(IOException.class);
  }

  @Test
  void endsWithTheLastPiece() throws Exception {
    int port = serve(() -> made.get() == 3 ? null : piece());
    assertThat(get(port, "/")).hasSize(6 + 3 * PIECE);
  }
}
