package io.llmaccounting.spring;

import io.llmaccounting.usage.Attribution;

/**
 * Says who makes the calls that a request to the application leads to. A bean of this type is asked
 * in place of what {@code llm.accounting.web} says; it must be safe for use by many threads, and
 * must not block.
 */
@FunctionalInterface
public interface RequestAttribution {
  /**
   * Who calls.
   *
   * @return what is known; {@link Attribution#NONE} where nothing is
   */
  Attribution of(IncomingRequest request);
}
