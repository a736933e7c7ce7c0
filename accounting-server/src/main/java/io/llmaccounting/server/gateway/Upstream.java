package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.AddressRule;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.tap.Tap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;

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

  /** Whether it may be reached at an address, which its name stands for now. */
  boolean allows(SocketAddress address) {
    if (settings.addresses() == AddressRule.ANY) {
      return true;
    }
    try {
      // it is written in figures, so that nobody is asked
      return settings.addresses().allows(InetAddress.getByName(address.hostAddress()));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Why nothing is sent to an address that it does not allow. */
  UpstreamException forbidden() {
    return new UpstreamException(
        UpstreamException.Stage.UNSENT,
        Refusal.of(
            Refusal.Code.UPSTREAM_UNAVAILABLE,
            "upstream %s leads to an address that its settings do not allow"
                .formatted(settings.name())),
        new IllegalStateException("a forbidden address"));
  }

  boolean isSecure() {
    return "https".equalsIgnoreCase(settings.base().getScheme());
  }

  int port() {
    int port = settings.base().getPort();
    return port >= 0 ? port : isSecure() ? 443 : 80;
  }
}
