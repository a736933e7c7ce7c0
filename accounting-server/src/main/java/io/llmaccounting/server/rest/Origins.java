package io.llmaccounting.server.rest;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;

/** Which web pages may ask from browsers; none, unless they are named. */
final class Origins {
  private final Set<String> allowed;

  Origins(Set<String> allowed) {
    this.allowed = allowed;
  }

  /**
   * Tells the browser whether the page may ask, where it is one that may.
   *
   * @return whether it was this that the request wanted to know
   */
  boolean isPreflight(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    if (allowed.isEmpty() || origin == null || !allowed.contains(origin)) {
      return false;
    }
    HttpServerResponse response = request.response();
    response.putHeader("Access-Control-Allow-Origin", origin);
    response.putHeader("Vary", "Origin");
    response.putHeader("Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-Id");
    boolean preflight =
        request.method().equals(HttpMethod.OPTIONS)
            && request.headers().contains("Access-Control-Request-Method");
    if (preflight) {
      response.putHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
      response.putHeader(
          "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, X-Request-Id");
      response.putHeader("Access-Control-Max-Age", "600");
    }
    return preflight;
  }
}
