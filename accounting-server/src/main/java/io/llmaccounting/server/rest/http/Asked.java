package io.llmaccounting.server.rest.http;

import io.llmaccounting.json.JsonFields;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.server.rest.reach.Reach;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A request that is as the contract says, of somebody who may ask it.
 *
 * @param operation what is asked
 * @param reach what of the accounting the caller reaches
 * @param path what stands in the path
 * @param query what stands behind the question mark, and in headers that the contract names
 * @param body what was sent; no fields where nothing was
 * @param bytes the body as it was sent
 * @param id the request's id
 */
public record Asked(
    Operation operation,
    Reach reach,
    JsonFields path,
    JsonFields query,
    JsonFields body,
    Buffer bytes,
    String id) {

  /** The value of {@code If-Match}, or null. */
  public @Nullable String ifMatch() {
    return query.optionalText("If-Match");
  }
}
