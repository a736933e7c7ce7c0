package io.llmaccounting.providers.internal;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The names that a record can hold: 1 to 255 bytes of UTF-8, no NUL, no lone surrogates. */
public final class StorableName {
  private static final int MAX_BYTES = 255;

  private StorableName() {}

  /** Returns {@code text} without surrounding blanks; null where no record could hold it. */
  public static @Nullable String orNull(@Nullable String text) {
    String name = text == null ? "" : text.strip();
    // a char takes a byte at least: what is longer is not looked at
    if (name.isEmpty() || name.length() > MAX_BYTES || !isText(name)) {
      return null;
    }
    return name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES ? null : name;
  }

  private static boolean isText(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < name.length()
              && Character.isLowSurrogate(name.charAt(i + 1));
      if (c == 0 || (Character.isSurrogate(c) && !pair)) {
        return false;
      }
      i += pair ? 1 : 0;
    }
    return true;
  }
}
