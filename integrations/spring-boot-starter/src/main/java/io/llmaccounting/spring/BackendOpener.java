package io.llmaccounting.spring;

import io.llmaccounting.backend.UsageBackend;

/**
 * Opens the place where usage is kept. A bean of this type replaces what {@code
 * llm.accounting.backend} chooses, and lets the application start while that place is away; a bean
 * of type {@link UsageBackend}, which is open already, does so too.
 */
@FunctionalInterface
public interface BackendOpener {
  /**
   * Opens it. Called by one thread at a time, again until it has returned.
   *
   * @return what the accounting owns from now on, and closes
   * @throws io.llmaccounting.backend.BackendException UNAVAILABLE if it cannot be reached now: the
   *     accounting starts as in an outage
   */
  UsageBackend open();
}
