package io.llmaccounting.server.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers every request with the same, and remembers what it was asked. */
final class RefusingServer implements AutoCloseable {
  private final HttpServer server;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** A request as it came. */
  record Asked(String method, URI target, Map<String, List<String>> headers, byte[] body) {}

  /** Refuses every request. */
  RefusingServer(Wire wire, Refusal refusal) throws IOException {
    this(refusal.status(), refusal.headers(wire), refusal.body(wire));
  }

  /** Answers every request with that. */
  RefusingServer(int status, MultiMap headers, Buffer body) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, status, headers, body.getBytes()));
    server.start();
  }

  private void answer(HttpExchange exchange, int status, MultiMap headers, byte[] body)
      throws IOException {
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      asked.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              Map.copyOf(exchange.getRequestHeaders()),
              sent));
      headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Asked> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
