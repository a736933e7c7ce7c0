package io.llmaccounting.server.gateway;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/**
 * What everything that belongs to one request shares.
 *
 * @param vertx runs timers
 * @param context the event loop of the request
 * @param request what the client sent
 * @param client watches whether it is still there
 */
record PassageContext(Vertx vertx, Context context, HttpServerRequest request, ClientWatch client) {
  static PassageContext of(Vertx vertx, HttpServerRequest request) {
    return new PassageContext(vertx, vertx.getOrCreateContext(), request, new ClientWatch(request));
  }
}
