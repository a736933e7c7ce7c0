package io.llmaccounting.internal.access;

import java.util.Objects;

/** A secret that was just made, with what is kept of it. */
public record NewSecret(String text, String digest, String hint) {
  static NewSecret of(String secret) {
    String digest = Objects.requireNonNull(Secrets.digest(secret), "a secret has a digest");
    return new NewSecret(secret, digest, Secrets.hint(secret));
  }

  /** The hint alone. */
  @Override
  public String toString() {
    return hint;
  }
}
