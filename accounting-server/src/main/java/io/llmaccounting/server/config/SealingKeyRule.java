package io.llmaccounting.server.config;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a sealing key must be: 32 bytes in base64, with or without padding, of either alphabet.
 * Where there are several, the current one comes first, with commas or lines between them.
 */
public final class SealingKeyRule {
  private static final int BYTES = 32;
  private static final Pattern BETWEEN = Pattern.compile("[,\\s]+");
  private static final String HOW = "; make one with: openssl rand -base64 32";

  private SealingKeyRule() {}

  /**
   * The bytes of a key.
   *
   * @throws IllegalArgumentException if it is none; the words continue a sentence that begins with
   *     what it is, and do not show it
   */
  public static byte[] bytes(String text) {
    String plain = text.strip().replace('-', '+').replace('_', '/').replaceAll("=+$", "");
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(plain);
    } catch (IllegalArgumentException e) {
      // the cause would show a part of it
      throw new IllegalArgumentException("must be base64, and is not" + HOW);
    }
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "must have %d bytes, had %d%s".formatted(BYTES, bytes.length, HOW));
    }
    return bytes;
  }

  /** The texts of all keys, of which there may be none. */
  public static List<String> split(String text) {
    return BETWEEN.splitAsStream(text).filter(one -> !one.isEmpty()).toList();
  }

  /** Why a text does not have keys, without showing them; empty where it does. */
  static Optional<String> problem(String text) {
    List<String> keys = split(text);
    if (keys.isEmpty()) {
      return Optional.of("must have a sealing key, and is empty" + HOW);
    }
    for (int i = 0; i < keys.size(); i++) {
      try {
        bytes(keys.get(i));
      } catch (IllegalArgumentException e) {
        String which = keys.size() == 1 ? "" : " (key %d of %d)".formatted(i + 1, keys.size());
        return Optional.of(e.getMessage() + which);
      }
    }
    return Optional.empty();
  }
}
