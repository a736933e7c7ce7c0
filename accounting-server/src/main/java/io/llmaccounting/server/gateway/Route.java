package io.llmaccounting.server.gateway;

import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.server.wire.Wire;

/**
 * Where a request leads. Immutable, so that it is found once for many requests.
 *
 * @param upstream the upstream
 * @param path the path there, as it was sent, without the query
 * @param wire in which form the client is told what goes wrong
 * @param reading what the path says by itself
 */
record Route(Upstream upstream, String path, Wire wire, PathReading reading) {
  /** One whose path is read here. */
  Route(Upstream upstream, String path, Wire wire) {
    this(upstream, path, wire, PathReading.of(path));
  }

  /** What the readers of requests go by. */
  RequestTarget target(io.vertx.core.MultiMap headers) {
    RequestTarget target = new RequestTarget(upstream.settings().base().getHost(), path, false);
    for (String name : new String[] {"accept", "x-dashscope-sse"}) {
      for (String value : headers.getAll(name)) {
        target = target.header(name, value);
      }
    }
    return target;
  }
}
