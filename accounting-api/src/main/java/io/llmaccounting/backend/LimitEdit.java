package io.llmaccounting.backend;

import io.llmaccounting.limit.OwnedLimit;
import java.util.List;
import java.util.Set;

/**
 * What is to become of limits, all in one change.
 *
 * @param saved limits to save, each in place of one of its name, and the set that owns it from then
 *     on
 * @param removed names of limits to remove, none of them saved; one that is not there is passed
 *     over
 */
public record LimitEdit(List<OwnedLimit> saved, Set<String> removed) {
  /** Copies both. */
  public LimitEdit {
    saved = List.copyOf(saved);
    removed = Set.copyOf(removed);
    for (OwnedLimit one : saved) {
      if (removed.contains(one.limit().name())) {
        throw new IllegalArgumentException(
            "a limit must be saved or removed, not both, was \"" + one.limit().name() + "\"");
      }
    }
  }
}
