package io.llmaccounting.server.rest;

import io.llmaccounting.server.rest.http.Pages;
import io.llmaccounting.server.rest.http.Workers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends pieces of an answer as fast as the client takes them: one is held at most, and none is made
 * for a client that has left. On its event loop.
 */
final class Outpour {
  private static final Logger LOG = LoggerFactory.getLogger(Outpour.class);

  private final Workers workers;
  private final HttpServerRequest request;
  private final Pages pages;
  private final String id;

  Outpour(Workers workers, HttpServerRequest request, Pages pages, String id) {
    this.workers = workers;
    this.request = request;
    this.pages = pages;
    this.id = id;
  }

  /** Sends a piece and all that follow. */
  void pour(@Nullable Buffer piece) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    if (piece == null) {
      Future<Void> unused = response.end();
      return;
    }
    Future<Void> unused = response.write(piece);
    if (response.writeQueueFull()) {
      response.drainHandler(
          drained -> {
            response.drainHandler(null);
            more();
          });
    } else {
      more();
    }
  }

  private void more() {
    Future<@Nullable Buffer> next = workers.goOn(pages::next);
    Future<@Nullable Buffer> unused = next.onSuccess(this::pour).onFailure(this::breakOff);
  }

  // whoever reads must not take what there is for all of it
  private void breakOff(Throwable failure) {
    LOG.warn("answer {} broke off in the middle", id, failure);
    Future<Void> unused = request.connection().close();
  }
}
