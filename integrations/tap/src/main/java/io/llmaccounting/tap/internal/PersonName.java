package io.llmaccounting.tap.internal;

import io.llmaccounting.providers.internal.StorableName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of people as whoever authenticated them says them. */
public final class PersonName {
  private PersonName() {}

  /**
   * The name, or where it cannot be stored, as one of more than 255 bytes, its hash: such a person
   * is limited as every other, and is always the same.
   */
  public static String of(String said) {
    String name = StorableName.orNull(said.strip());
    return name == null ? "sha256-" + hash(said) : name;
  }

  private static String hash(String said) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(said.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
