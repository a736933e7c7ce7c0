package io.llmaccounting.audit;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Stands in a seal for what the entry was before a person's data was erased from it.
 *
 * @param digest of the entry as it was sealed, 64 lower-case hexadecimal digits; the chain of
 *     hashes goes on through it
 * @param attestedBy the id of the sealed entry of type {@link AuditEntry#ERASURE} that says what
 *     the entry is now
 */
public record ErasedContent(String digest, UUID attestedBy) {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /** Checks the digest. */
  public ErasedContent {
    Objects.requireNonNull(attestedBy, "attestedBy is required, was null");
    if (!DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException(
          "digest must be 64 lower-case hexadecimal digits, was \"%.80s\"".formatted(digest));
    }
  }
}
