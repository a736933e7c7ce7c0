package io.llmaccounting.sinks;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real HTTP server that answers as a test says. */
final class Receiver implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

  final List<Request> requests = new CopyOnWriteArrayList<>();
  volatile Function<Request, Answer> answering = request -> new Answer(200, "{}");
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  record Request(String path, Headers headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    List<String> ids() {
      Matcher matcher = ID.matcher(text());
      return matcher.results().map(found -> found.group(1)).toList();
    }

    String header(String name) {
      return headers.getFirst(name);
    }
  }

  record Answer(int status, String body, String retryAfter) {
    Answer(int status, String body) {
      this(status, body, null);
    }
  }

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          Request request =
              new Request(
                  exchange.getRequestURI().getPath(),
                  exchange.getRequestHeaders(),
                  exchange.getRequestBody().readAllBytes());
          requests.add(request);
          Answer answer = answering.apply(request);
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          if (answer.retryAfter() != null) {
            exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
          }
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
