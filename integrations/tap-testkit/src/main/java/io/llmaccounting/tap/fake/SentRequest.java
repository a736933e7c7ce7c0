package io.llmaccounting.tap.fake;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A request that came to the provider.
 *
 * @param method the HTTP method
 * @param target path and query as they were sent
 * @param headers by their names in lower case; of several with one name the last
 * @param body its bytes; not to be changed
 */
public record SentRequest(String method, String target, Map<String, String> headers, byte[] body) {
  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The path without the query. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }
}
