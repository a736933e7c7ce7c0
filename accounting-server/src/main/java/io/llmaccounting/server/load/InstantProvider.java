package io.llmaccounting.server.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** A provider that answers each request at once with 1 KB, as OpenAI's chat completions do. */
public final class InstantProvider {
  private static final String ANSWER =
      "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1754640000,\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
          + "word ".repeat(130)
          + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":200,\"completion_tokens\":150,\"total_tokens\":350}}";

  private InstantProvider() {}

  /** Begins to listen; 0 is a free port. */
  public static Future<HttpServer> listen(Vertx vertx, String host, int port) {
    return vertx.createHttpServer().requestHandler(InstantProvider::answer).listen(port, host);
  }

  private static void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    request
        .end()
        .onSuccess(
            all -> {
              response.putHeader("Content-Type", "application/json");
              Future<Void> unused = response.end(ANSWER);
            });
    request.resume();
  }
}
