package io.llmaccounting.audit;

import java.util.Objects;

/**
 * An entry before and after a person's data is erased from it.
 *
 * @param before as it is stored
 * @param after as it is to be stored, under the same id and at the same place of its stream
 */
public record ErasedEntry(SealedEntry before, SealedEntry after) {
  /** Checks that both are the same entry. */
  public ErasedEntry {
    Objects.requireNonNull(before, "before is required, was null");
    if (!before.entry().id().equals(after.entry().id())) {
      throw new IllegalArgumentException(
          "before and after must have one id, had %s and %s"
              .formatted(before.entry().id(), after.entry().id()));
    }
  }
}
