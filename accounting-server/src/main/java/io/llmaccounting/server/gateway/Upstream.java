package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.tap.Tap;
import io.vertx.core.http.HttpClient;

/**
 * An upstream at work.
 *
 * @param settings what is set for it
 * @param client sends to it
 * @param tap meters what is sent to it
 * @param breaker leaves it alone when it fails
 */
record Upstream(UpstreamSettings settings, HttpClient client, Tap tap, Breaker breaker) {
  /** The path and query at the upstream of what was asked of us. */
  String uri(String rest) {
    String path = settings.base().getRawPath();
    String before = path == null || path.equals("/") ? "" : path;
    return (before.endsWith("/") ? before.substring(0, before.length() - 1) : before) + rest;
  }

  boolean isSecure() {
    return "https".equalsIgnoreCase(settings.base().getScheme());
  }

  int port() {
    int port = settings.base().getPort();
    return port >= 0 ? port : isSecure() ? 443 : 80;
  }
}
