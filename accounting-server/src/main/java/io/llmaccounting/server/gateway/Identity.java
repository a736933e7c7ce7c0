package io.llmaccounting.server.gateway;

import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.usage.Attribution;
import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a request says it is for, in headers that no upstream sees: {@code X-Accounting-User}, {@code
 * -Caller}, {@code -Session} and {@code -Tags} with {@code name=value, ...}. What a key says comes
 * before it.
 */
final class Identity {
  private static final String PREFIX = "X-Accounting-";

  private Identity() {}

  /**
   * What the headers say.
   *
   * @throws RefusedException if a name can not be stored
   */
  static Attribution of(MultiMap headers) {
    try {
      return new Attribution(
          null,
          headers.get(PREFIX + "User"),
          headers.get(PREFIX + "Caller"),
          headers.get(PREFIX + "Session"),
          tags(headers.get(PREFIX + "Tags")));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Refusal.of(Refusal.Code.BAD_REQUEST, "a header X-Accounting-...: " + e.getMessage()));
    }
  }

  private static Map<String, String> tags(@Nullable String header) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (header == null) {
      return tags;
    }
    for (String pair : header.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "tags must be name=value, one after the other with commas, was \"" + pair + "\"");
      }
      tags.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    return tags;
  }
}
