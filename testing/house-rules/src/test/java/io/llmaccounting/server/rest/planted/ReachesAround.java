package io.llmaccounting.server.rest.planted;

import io.llmaccounting.LlmAccounting;

/** What a handler must not do. */
public final class ReachesAround {
  private final LlmAccounting accounting;

  /** Has all of the accounting. */
  public ReachesAround(LlmAccounting accounting) {
    this.accounting = accounting;
  }

  /** Tells what its caller may not know. */
  public int all() {
    return accounting.tail().size();
  }
}
