package io.llmaccounting.server.gateway;

import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.server.wire.Wire;

/**
 * Where a request leads.
 *
 * @param upstream the upstream
 * @param path the path there, as it was sent, without the query
 * @param wire in which form the client is told what goes wrong
 */
record Route(Upstream upstream, String path, Wire wire) {
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
