package io.llmaccounting.access;

import java.util.Objects;

/**
 * A key and its secret, which nobody can show again.
 *
 * @param key the key
 * @param secret what the caller sends, {@code sk-acc-} and 43 characters of base64url
 */
public record IssuedKey(AccessKey key, String secret) {
  /** Checks that both are there. */
  public IssuedKey {
    Objects.requireNonNull(key, "key is required, was null");
    Objects.requireNonNull(secret, "secret is required, was null");
  }

  /** The key, without the secret. */
  @Override
  public String toString() {
    return "IssuedKey[key=%s, secret=%s]".formatted(key, key.hint());
  }
}
