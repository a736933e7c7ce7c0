package io.llmaccounting.admin;

import io.llmaccounting.backend.Difference;
import java.util.List;

/**
 * What a verification found.
 *
 * @param differences everything derived that disagrees with the records; empty where all agrees
 */
public record Verification(List<Difference> differences) {
  /** Copies the list. */
  public Verification {
    differences = List.copyOf(differences);
  }

  /** True if rollups, counters and holds are what the records say. */
  public boolean isClean() {
    return differences.isEmpty();
  }
}
