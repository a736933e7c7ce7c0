package io.llmaccounting.audit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is stored.
 *
 * @param entry the entry
 * @param seal its seal, or null where it was written without sealing
 */
public record SealedEntry(AuditEntry entry, @Nullable Seal seal) {
  /** Checks that there is an entry. */
  public SealedEntry {
    Objects.requireNonNull(entry, "entry is required, was null");
  }

  /** An entry without a seal. */
  public static SealedEntry unsealed(AuditEntry entry) {
    return new SealedEntry(entry, null);
  }
}
