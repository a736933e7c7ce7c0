package io.llmaccounting.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Takes what a webhook posts, or refuses it. */
final class SinkReceiver implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

  final List<Post> taken = new CopyOnWriteArrayList<>();
  volatile int status = 204;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  record Post(Headers headers, byte[] body) {}

  SinkReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          Post post =
              new Post(exchange.getRequestHeaders(), exchange.getRequestBody().readAllBytes());
          int answer = status;
          if (answer == 204) {
            taken.add(post);
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/usage";
  }

  /** The ids of all records that it took, as often as it took them. */
  List<String> ids() {
    return taken.stream()
        .flatMap(post -> ids(new String(post.body(), StandardCharsets.UTF_8)).stream())
        .toList();
  }

  static List<String> ids(String json) {
    return ID.matcher(json).results().map((MatchResult found) -> found.group(1)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
