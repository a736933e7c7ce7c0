package io.llmaccounting.server.gateway;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** Watches from the beginning whether the client of a request is still there. On its event loop. */
final class ClientWatch {
  private final HttpServerResponse response;
  private boolean gone;
  private @Nullable Runnable then;

  ClientWatch(HttpServerRequest request) {
    response = request.response();
    request.exceptionHandler(failure -> left());
    response.exceptionHandler(failure -> left());
    response.closeHandler(closed -> left());
  }

  /** Whether it has gone before its answer was complete. */
  boolean isGone() {
    return gone;
  }

  /** What is done when it goes; replaces what was said before. Done at once if it has gone. */
  void whenGone(Runnable action) {
    then = action;
    if (gone) {
      action.run();
    }
  }

  private void left() {
    if (gone || response.ended()) {
      return;
    }
    gone = true;
    if (then != null) {
      then.run();
    }
  }
}
