package io.llmaccounting.server.gateway;

import io.llmaccounting.limit.LimitStatus;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * Tells clients how they stand: {@code X-Accounting-Call}, the id of the record, and {@code
 * X-Accounting-Remaining}, what the limits have left after what the call may consume, the most
 * constrained first.
 */
final class Standing {
  private static final int MOST_LIMITS = 10;

  private Standing() {}

  static void tell(Metering metering, HttpServerResponse response) {
    UUID id = metering.id();
    if (id == null) {
      return;
    }
    response.putHeader("X-Accounting-Call", id.toString());
    List<LimitStatus> limits = metering.limits();
    if (!limits.isEmpty()) {
      StringBuilder remaining = new StringBuilder();
      for (LimitStatus status : limits.subList(0, Math.min(limits.size(), MOST_LIMITS))) {
        remaining
            .append(remaining.isEmpty() ? "" : ", ")
            // names of limits are anything; those of headers' values are not
            .append(URLEncoder.encode(status.limit().name(), StandardCharsets.UTF_8))
            .append('=')
            .append(status.remaining());
      }
      response.putHeader("X-Accounting-Remaining", remaining);
    }
  }
}
