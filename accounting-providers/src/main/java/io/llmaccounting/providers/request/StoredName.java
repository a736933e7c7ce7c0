package io.llmaccounting.providers.request;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The names that a record can hold: 1 to 255 bytes of UTF-8, no NUL, no lone surrogates. */
final class StoredName {
  private static final int MAX_BYTES = 255;

  private StoredName() {}

  /** {@code text} without surrounding blanks; null where no record could hold it. */
  static @Nullable String orNull(@Nullable String text) {
    if (text == null || text.length() > TextMeter.MAX_TEXT_BYTES) {
      return null;
    }
    String name = text.strip();
    boolean unstorable =
        name.codePoints()
            .anyMatch(
                c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    return name.isEmpty() || unstorable || name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
        ? null
        : name;
  }
}
