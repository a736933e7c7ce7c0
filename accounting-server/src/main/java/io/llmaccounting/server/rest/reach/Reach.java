package io.llmaccounting.server.rest.reach;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessKey;
import io.llmaccounting.health.Health;
import org.jspecify.annotations.Nullable;

/**
 * What a key reaches of the accounting. Handlers have nothing but this, so that none of them can
 * forget that a key is confined to a project. Safe for use by many threads.
 */
public final class Reach {
  private final LlmAccounting accounting;
  private final @Nullable AccessKey key;

  /**
   * @param key the caller's key, or null for requests that need none
   */
  public Reach(LlmAccounting accounting, @Nullable AccessKey key) {
    this.accounting = accounting;
    this.key = key;
  }

  /** The project that the key is confined to, or null. */
  public @Nullable String project() {
    return key == null ? null : key.project();
  }

  /** Whether the key is confined to a project. */
  public boolean isConfined() {
    return project() != null;
  }

  /** How the accounting fares. */
  public Health health() {
    return accounting.health();
  }
}
