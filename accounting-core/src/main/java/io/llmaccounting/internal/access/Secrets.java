package io.llmaccounting.internal.access;

import io.llmaccounting.internal.audit.Hashes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Makes secrets of keys, and digests of them. Safe for use by many threads. */
public final class Secrets {
  private static final String PREFIX = "sk-acc-";
  private static final int BYTES = 32;
  private static final int CHARACTERS = 43;
  private static final int SHOWN = 4;

  private final SecureRandom random;

  /** Secrets that {@code random} makes. */
  public Secrets(SecureRandom random) {
    this.random = random;
  }

  /** A new secret of 256 random bits. */
  String create() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The digest of what may be a secret; null if it cannot be one. */
  static @Nullable String digest(String secret) {
    if (secret.length() != PREFIX.length() + CHARACTERS
        || !secret.startsWith(PREFIX)
        || !secret.chars().skip(PREFIX.length()).allMatch(Secrets::isOfBase64)) {
      return null;
    }
    return HexFormat.of()
        .formatHex(Hashes.sha256().digest(secret.getBytes(StandardCharsets.US_ASCII)));
  }

  private static boolean isOfBase64(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  /** What people recognise a secret by: too little to guess the rest. */
  static String hint(String secret) {
    return secret.substring(0, PREFIX.length() + SHOWN)
        + "…"
        + secret.substring(secret.length() - SHOWN);
  }
}
