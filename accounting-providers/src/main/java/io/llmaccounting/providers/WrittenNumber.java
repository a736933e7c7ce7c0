package io.llmaccounting.providers;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers as strangers write them: whatever stands there, nothing here throws. */
final class WrittenNumber {
  /** More than any call can have, small enough that a few of them never exceed a long. */
  static final long MAX_COUNT = 4_000_000_000_000L;

  private static final int MAX_TEXT = 1_000;
  private static final int MAX_EXPONENT_TEXT = 4;
  private static final int MAX_DECIMALS = 40;
  private static final int MAX_WHOLE_DIGITS = 19;

  private WrittenNumber() {}

  /** A whole number from 0 to {@link #MAX_COUNT}; null where the text is none. */
  static @Nullable Long count(String text) {
    BigDecimal exact = decimal(text);
    if (exact == null || exact.signum() < 0 || exact.stripTrailingZeros().scale() > 0) {
      return null;
    }
    long count = exact.longValue();
    return count <= MAX_COUNT ? count : null;
  }

  /** A number with at most 19 digits before and 40 after its point; null where the text is none. */
  static @Nullable BigDecimal decimal(String text) {
    int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
    boolean farOff = exponent >= 0 && text.length() - exponent - 1 > MAX_EXPONENT_TEXT;
    if (text.length() > MAX_TEXT || farOff) {
      return null;
    }
    try {
      BigDecimal exact = new BigDecimal(text);
      return (long) exact.precision() - exact.scale() > MAX_WHOLE_DIGITS
              || exact.scale() > MAX_DECIMALS
          ? null
          : exact;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
