package io.llmaccounting.server.sealing;

import io.llmaccounting.server.config.SealingKeyRule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key of AES-256 and the name that it has by itself: 12 digits of its digest. Immutable. */
public final class SealingKey {
  private static final int BYTES = 32;
  private static final int ID_BYTES = 6;

  private final SecretKey key;
  private final String id;

  private SealingKey(byte[] bytes) {
    this.key = new SecretKeySpec(bytes, "AES");
    this.id = id(bytes);
  }

  /** A new key. */
  public static SealingKey random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    try {
      return new SealingKey(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Reads a key.
   *
   * @param text as {@link SealingKeyRule} says
   * @throws SealingException if it is no key; it is not shown
   */
  public static SealingKey parse(String text) {
    byte[] bytes;
    try {
      bytes = SealingKeyRule.bytes(text);
    } catch (IllegalArgumentException e) {
      throw new SealingException("the sealing key " + e.getMessage());
    }
    try {
      return new SealingKey(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Its name, which says nothing of it. */
  public String id() {
    return id;
  }

  /** The key in base64, for the file that keeps it. */
  String text() {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  SecretKey key() {
    return key;
  }

  private static String id(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("llm-accounting sealing key".getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(bytes), ID_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealingKey that
        && MessageDigest.isEqual(key.getEncoded(), that.key.getEncoded());
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "SealingKey " + id;
  }
}
