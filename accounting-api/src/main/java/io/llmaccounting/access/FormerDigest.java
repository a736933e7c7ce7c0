package io.llmaccounting.access;

import io.llmaccounting.validation.Check;
import java.time.Instant;

/**
 * A secret that a key had before it was rotated, and that still opens it for a while.
 *
 * @param digest SHA-256 of the secret, 64 lower-case hexadecimal digits
 * @param validUntil from when on it opens the key no more
 */
public record FormerDigest(String digest, Instant validUntil) {
  /** Checks the digest. */
  public FormerDigest {
    Digests.check(digest);
    validUntil = Check.instant("validUntil", validUntil);
  }
}
