package io.llmaccounting.internal.quota;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose counter of a limit a call goes to: {@code user=alice} where each user has one. */
final class Subjects {
  private static final int MOST_BYTES = 512;

  private Subjects() {}

  /**
   * Empty where all calls share one; dimensions in their order; a missing value as the bare name.
   */
  static String of(Limit limit, String model, @Nullable String provider, Attribution attribution) {
    StringBuilder subject = new StringBuilder();
    for (Map.Entry<Dimension, Match> entry : limit.who().entrySet()) {
      if (entry.getValue().kind() == Match.Kind.EACH) {
        if (subject.length() > 0) {
          subject.append(',');
        }
        append(subject, entry.getKey().toString());
        String value = entry.getKey().of(model, provider, attribution);
        if (value != null) {
          append(subject.append('='), value);
        }
      }
    }
    return shortened(subject.toString());
  }

  // what separates is escaped, so that no two sets of values share a counter
  private static void append(StringBuilder subject, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' || c == '=' || c == '\\') {
        subject.append('\\');
      }
      subject.append(c);
    }
  }

  private static String shortened(String subject) {
    if (subject.length() <= MOST_BYTES / 4
        || subject.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) {
      return subject;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java runtime", e);
    }
  }
}
