package io.llmaccounting.server.process;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A provider that answers well, badly, slowly, half or not at all, as the number of a request
 * decides. It remembers which have reached it. Safe for use by many threads.
 */
final class FaultyProvider {
  /** The header that numbers requests. */
  static final String NUMBER = "X-Test-Number";

  /** How many ways it has to answer. */
  static final int WAYS = 20;

  private static final int STREAMED = 4;
  private static final String PIECE =
      "data: {\"id\":\"chatcmpl-%d\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";
  private static final String LAST =
      "data: {\"id\":\"chatcmpl-%d\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
          + "data: {\"id\":\"chatcmpl-%d\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5,\"total_tokens\":14}}\n\n"
          + "data: [DONE]\n\n";
  private static final String WHOLE =
      "{\"id\":\"chatcmpl-%d\",\"object\":\"chat.completion\",\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5,\"total_tokens\":14}}";

  private final Vertx vertx;
  private final Map<Long, Integer> reached = new ConcurrentHashMap<>();

  FaultyProvider(Vertx vertx) {
    this.vertx = vertx;
  }

  /** How often each request has reached it, by number. */
  Map<Long, Integer> reached() {
    return reached;
  }

  /** Begins to listen; tells the port. */
  Future<Integer> listen() {
    return vertx
        .createHttpServer()
        .requestHandler(this::take)
        .listen(0, "127.0.0.1")
        .map(server -> server.actualPort());
  }

  private void take(HttpServerRequest request) {
    long number = Long.parseLong(request.getHeader(NUMBER));
    reached.merge(number, 1, Integer::sum);
    request.end().onSuccess(all -> answer(request.response(), number));
    request.resume();
  }

  private void answer(HttpServerResponse response, long number) {
    switch ((int) (number % WAYS)) {
      case 0 -> refuse(response, 500);
      case 1 -> refuse(response, 429);
      case 2 -> unused(response.reset());
      case 3 -> cut(response, number);
      case 4 -> {
        // it says nothing, until the gateway gives up
      }
      case 5 -> vertx.setTimer(1_500, late -> whole(response, number));
      default -> {
        if (number % 2 == 0) {
          whole(response, number);
        } else {
          stream(response, number);
        }
      }
    }
  }

  private static void refuse(HttpServerResponse response, int status) {
    response.setStatusCode(status).putHeader("Content-Type", "application/json");
    unused(response.end("{\"error\":{\"message\":\"no\"}}"));
  }

  private static void whole(HttpServerResponse response, long number) {
    response.putHeader("Content-Type", "application/json");
    unused(response.end(WHOLE.formatted(number)));
  }

  private void cut(HttpServerResponse response, long number) {
    begin(response);
    unused(response.write(PIECE.formatted(number)));
    vertx.setTimer(50, later -> unused(response.reset()));
  }

  private void stream(HttpServerResponse response, long number) {
    begin(response);
    piece(response, number, STREAMED);
  }

  private void piece(HttpServerResponse response, long number, int left) {
    if (left == 0) {
      unused(response.end(LAST.formatted(number, number)));
      return;
    }
    unused(response.write(PIECE.formatted(number)));
    vertx.setTimer(20, later -> piece(response, number, left - 1));
  }

  private static void begin(HttpServerResponse response) {
    response.putHeader("Content-Type", "text/event-stream").setChunked(true);
  }

  // whoever asked may have gone
  private static void unused(Future<Void> sent) {
    Future<Void> ignored = sent;
  }
}
