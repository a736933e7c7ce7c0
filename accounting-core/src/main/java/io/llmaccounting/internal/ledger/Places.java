package io.llmaccounting.internal.ledger;

import org.jspecify.annotations.Nullable;

/** Says where the ledger keeps the usage of projects. */
@FunctionalInterface
interface Places {
  /** Returns the place of a project's usage; 0 where it lies together with all else. */
  int of(@Nullable String project);
}
