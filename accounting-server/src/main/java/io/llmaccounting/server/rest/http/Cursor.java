package io.llmaccounting.server.rest.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Where the next page of a list begins, as a text that only the server understands. */
public final class Cursor {
  private static final String PARTS = "\n";

  private Cursor() {}

  /** Makes the text of these parts. */
  public static String of(Object... parts) {
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      text.append(text.length() == 0 ? "" : PARTS).append(part);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The parts of a text.
   *
   * @throws ProblemException if it has not so many
   */
  public static List<String> parts(String text, int count) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      List<String> parts = List.of(plain.split(PARTS, -1));
      if (parts.size() == count) {
        return parts;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw wrong(text);
  }

  /** Says that a text is none. */
  public static ProblemException wrong(String text) {
    return ProblemException.invalid("after", "be what the page before said as next", text);
  }
}
