package io.llmaccounting.jakarta;

import io.llmaccounting.usage.Attribution;

/**
 * Says who calls, as a CDI bean of the application, for instance from a security context or a
 * token. Asked by methods with {@link TrackLlmUsage} for what nothing else says, and by {@link
 * CallContextFilter} before the principal. Where its scope is not active, nobody calls.
 */
@FunctionalInterface
public interface LlmCaller {
  /** Who calls at the moment; {@link Attribution#NONE} if nobody is known. */
  Attribution attribution();
}
