package io.llmaccounting.access;

import io.llmaccounting.validation.Check;
import java.time.Instant;

/**
 * Something that a provider keeps for a caller, such as a file or a batch, and whose it is.
 *
 * @param handle what it is found by, the same for everybody who asks for it: 1 to 64 characters
 * @param owner to whom it belongs, in the words of whoever keeps it
 * @param credential with which credential it was made, in the words of whoever keeps it
 * @param expiresAt when nobody needs this any more, microsecond precision
 */
public record OwnedObject(String handle, String owner, String credential, Instant expiresAt) {
  private static final int LONGEST_HANDLE = 64;

  /** Checks every part. */
  public OwnedObject {
    Check.name("handle", handle);
    Check.range("handle length", handle.length(), 1, LONGEST_HANDLE);
    Check.name("owner", owner);
    Check.name("credential", credential);
    expiresAt = Check.instant("expiresAt", expiresAt);
  }
}
