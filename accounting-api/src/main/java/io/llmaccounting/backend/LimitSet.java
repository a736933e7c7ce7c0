package io.llmaccounting.backend;

import java.util.List;

/**
 * All limits at one revision.
 *
 * @param revision grows with every change of any limit
 * @param limits by name
 */
public record LimitSet(long revision, List<StoredLimit> limits) {
  /** Copies the list. */
  public LimitSet {
    limits = List.copyOf(limits);
  }
}
