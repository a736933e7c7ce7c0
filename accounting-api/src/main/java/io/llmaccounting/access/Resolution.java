package io.llmaccounting.access;

import java.util.Optional;

/**
 * What a secret is good for: a valid key, or why not. A caller who is refused need not be told more
 * than that.
 */
public sealed interface Resolution {
  /** The key, where there is one and it is valid. */
  default Optional<AccessKey> valid() {
    return Optional.empty();
  }

  /**
   * The secret opens a key that is valid.
   *
   * @param key the key
   */
  record Valid(AccessKey key) implements Resolution {
    @Override
    public Optional<AccessKey> valid() {
      return Optional.of(key);
    }
  }

  /**
   * The secret opened a key that was revoked.
   *
   * @param key the key
   */
  record Revoked(AccessKey key) implements Resolution {}

  /**
   * The secret opened a key that has expired, or that has another secret since.
   *
   * @param key the key
   */
  record Expired(AccessKey key) implements Resolution {}

  /** There is no key with this secret. */
  record Unknown() implements Resolution {}
}
