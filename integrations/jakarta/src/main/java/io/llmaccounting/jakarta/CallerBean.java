package io.llmaccounting.jakarta;

import io.llmaccounting.usage.Attribution;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.inject.Instance;
import org.jspecify.annotations.Nullable;

/** Asks the application's bean who calls, if it has one. */
final class CallerBean {
  private CallerBean() {}

  /** Who calls; nobody outside of CDI, without such a bean, or where its scope is not active. */
  static Attribution ask(@Nullable Instance<LlmCaller> callers) {
    if (callers == null || !callers.isResolvable()) {
      return Attribution.NONE;
    }
    try {
      return callers.get().attribution();
    } catch (ContextNotActiveException e) {
      return Attribution.NONE;
    }
  }
}
