package io.llmaccounting.server.gateway;

import java.util.concurrent.CompletionStage;

/** Knows callers by their keys. Safe for use by many threads; never blocks. */
@FunctionalInterface
public interface KeyRing {
  /**
   * Whose key this is. The stage fails with a {@link RefusedException} that says why it is nobody's
   * that may call, or with a {@link io.llmaccounting.backend.BackendException} where nobody can
   * tell.
   */
  CompletionStage<Caller> resolve(String secret);
}
