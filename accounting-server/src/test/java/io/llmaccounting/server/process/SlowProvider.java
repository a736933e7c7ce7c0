package io.llmaccounting.server.process;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A provider that streams an event now and then: the first at once, the others only after it was
 * told to go on.
 */
final class SlowProvider {
  private final Vertx vertx;
  private final long every;
  private final List<String> events = new ArrayList<>();
  private final Promise<Void> goingOn = Promise.promise();

  SlowProvider(Vertx vertx, Duration every, Duration time) {
    this.vertx = vertx;
    this.every = every.toMillis();
    for (long at = 0; at <= time.toMillis(); at += this.every) {
      events.add(
          "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}],\"usage\":null}\n\n");
    }
    events.add(
        "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
            + "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":%d,\"total_tokens\":%d}}\n\n"
                .formatted(tokens(), tokens() + 9)
            + "data: [DONE]\n\n");
  }

  /** How many tokens each answer has. */
  int tokens() {
    return 42;
  }

  /** What each client gets. */
  String text() {
    return String.join("", events);
  }

  /** Begins to listen; tells the port. */
  Future<Integer> listen() {
    return vertx
        .createHttpServer()
        .requestHandler(this::answer)
        .listen(0, "127.0.0.1")
        .map(server -> server.actualPort());
  }

  /** Lets every stream go on. */
  void goOn() {
    goingOn.complete();
  }

  private void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.putHeader("Content-Type", "text/event-stream").setChunked(true);
    Future<Void> unused = response.write(events.get(0));
    goingOn.future().onSuccess(go -> later(response, 1));
  }

  private void later(HttpServerResponse response, int index) {
    vertx.setTimer(
        every,
        timer -> {
          if (index == events.size() - 1) {
            Future<Void> unused = response.end(events.get(index));
          } else {
            Future<Void> unused = response.write(events.get(index));
            later(response, index + 1);
          }
        });
  }
}
