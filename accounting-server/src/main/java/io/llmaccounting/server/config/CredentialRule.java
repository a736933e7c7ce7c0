package io.llmaccounting.server.config;

import java.util.Optional;

/**
 * What a credential must be so that it can be sent in a header: printable characters of ASCII,
 * without blanks around them. The key of a service account, which is JSON, is never sent itself.
 */
public final class CredentialRule {
  private CredentialRule() {}

  /**
   * Why a credential cannot be sent, without showing it; empty where it can. The words continue a
   * sentence that begins with what it is.
   */
  public static Optional<String> problem(Secret credential) {
    String text = credential.reveal();
    if (text.stripLeading().startsWith("{")) {
      return Optional.empty();
    }
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (one < ' ' || one > '~') {
        return Optional.of(
            "must have printable characters of ASCII only, had U+%04X as number %d of %d"
                .formatted((int) one, i + 1, text.length()));
      }
    }
    return text.strip().equals(text)
        ? Optional.empty()
        : Optional.of("must not begin or end with a blank");
  }
}
