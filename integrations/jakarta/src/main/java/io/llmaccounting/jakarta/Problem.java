package io.llmaccounting.jakarta;

import io.llmaccounting.limit.Decision;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A denial as a problem of RFC 9457. It names no limit and no amount: those may concern others than
 * the client.
 *
 * @param status the HTTP status
 * @param retryAfter the header Retry-After, in seconds; null if it is left out
 * @param json the body
 */
record Problem(int status, @Nullable String retryAfter, String json) {
  static final String MEDIA_TYPE = "application/problem+json";

  static Problem of(Decision.Denied denied) {
    int status = denied.httpStatus();
    Optional<Long> wait = denied.retryAfterSeconds();
    String title =
        switch (status) {
          case 429 -> "Quota exceeded";
          case 403 -> "Quota too small";
          default -> "Quota unknown";
        };
    String detail =
        switch (status) {
          case 429 ->
              wait.map(seconds -> "There is room again in " + seconds + " seconds.")
                  .orElse("There is room again once a call under way has ended.");
          case 403 -> "No quota has room for this call, however long it waits: ask for less.";
          default -> "Whether there is room cannot be told at the moment.";
        };
    String json =
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"%s}"
            .formatted(
                title,
                status,
                detail,
                wait.map(seconds -> ",\"retryAfterSeconds\":" + seconds).orElse(""));
    return new Problem(status, wait.map(String::valueOf).orElse(null), json);
  }
}
