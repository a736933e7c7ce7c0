package io.llmaccounting.access;

/** The form of digests. Pure. */
final class Digests {
  private static final int DIGITS = 64;

  private Digests() {}

  // the value is not shown: whoever takes a secret for a digest must not find it in a log
  static String check(String digest) {
    boolean isHex = digest.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (digest.length() != DIGITS || !isHex) {
      throw new IllegalArgumentException(
          "digest must be %d lower-case hexadecimal digits, was another text of %d characters"
              .formatted(DIGITS, digest.length()));
    }
    return digest;
  }
}
