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
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names the counter of a limit that a call goes to: {@code user=alice} where each user has one. */
final class Subjects {
  private static final int MOST_BYTES = 512;

  private Subjects() {}

  /**
   * The subject: empty where all calls share one counter, else the dimensions in their order. A
   * missing value is written as the bare name of the dimension.
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

  // separators inside values are escaped, so that no two sets of values share a counter
  private static void append(StringBuilder subject, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' || c == '=' || c == '\\') {
        subject.append('\\');
      }
      subject.append(c);
    }
  }

  /**
   * The subject with another name for a user, wherever it holds that name as user or as value of a
   * tag. A subject that was shortened cannot be read and stays as it is.
   */
  static String renamed(String subject, String from, String to) {
    StringBuilder renamed = new StringBuilder();
    StringBuilder name = new StringBuilder();
    StringBuilder part = new StringBuilder();
    boolean inValue = false;
    for (int i = 0; i <= subject.length(); i++) {
      char c = i == subject.length() ? ',' : subject.charAt(i);
      if (c == '\\' && i + 1 < subject.length()) {
        part.append(subject.charAt(++i));
      } else if (c == '=' && !inValue) {
        name.append(part);
        part.setLength(0);
        inValue = true;
      } else if (c == ',') {
        append(renamed, inValue ? name.toString() : part.toString());
        if (inValue) {
          boolean isName = namesPeople(name.toString()) && part.toString().equals(from);
          append(renamed.append('='), isName ? to : part.toString());
        }
        renamed.append(i == subject.length() ? "" : ",");
        name.setLength(0);
        part.setLength(0);
        inValue = false;
      } else {
        part.append(c);
      }
    }
    return shortened(renamed.toString());
  }

  /**
   * Returns a function that renames a user in a sentence about a limit, also in the subject within
   * it: {@code user is alice}, {@code [user=alice]}, {@code {user=is alice}}.
   */
  static UnaryOperator<String> texts(String from, String to) {
    StringBuilder escaped = new StringBuilder();
    append(escaped, from);
    Pattern named =
        Pattern.compile(
            "(?<=(?:^|[,{ \\[])(?:user|tag:[^= ]{1,255})[= ](?:is )?)(?:"
                + Pattern.quote(from)
                + "|"
                + Pattern.quote(escaped.toString())
                + ")(?=$|[],}; ])");
    String replacement = Matcher.quoteReplacement(to);
    return text -> named.matcher(text).replaceAll(replacement);
  }

  private static boolean namesPeople(String dimension) {
    return dimension.equals(Dimension.USER.toString()) || dimension.startsWith("tag:");
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
