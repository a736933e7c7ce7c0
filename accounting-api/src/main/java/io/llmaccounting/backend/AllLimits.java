package io.llmaccounting.backend;

import java.util.List;

/**
 * All limits at one revision.
 *
 * @param revision grows with every change of any limit
 * @param limits by name
 */
public record AllLimits(long revision, List<StoredLimit> limits) {
  /** Copies the list. */
  public AllLimits {
    limits = List.copyOf(limits);
  }
}
