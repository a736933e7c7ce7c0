package io.llmaccounting.server.rest.http;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What is answered piece by piece, each made once the client has taken the one before. Asked by one
 * thread at a time, which may wait.
 */
@FunctionalInterface
public interface Pages {
  /** The next piece, not empty; null where there is none any more. */
  @Nullable Buffer next() throws Exception;
}
