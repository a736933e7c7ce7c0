package io.llmaccounting.providers;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Times as answers write them: seconds or milliseconds since 1970, or a date and time. */
final class WrittenTime {
  private static final long FIRST = 1_000_000_000L;
  private static final long LAST = 10_000_000_000L;
  private static final long MILLIS = 1_000L;

  private WrittenTime() {}

  /** The time; null where {@code text} is none between 2001 and 2286. */
  static @Nullable Instant orNull(@Nullable String text) {
    if (text == null) {
      return null;
    }
    BigDecimal number = WrittenNumber.decimal(text);
    Instant time = number == null ? parsed(text) : ofNumber(number.longValue());
    return time == null || time.getEpochSecond() < FIRST || time.getEpochSecond() >= LAST
        ? null
        : time;
  }

  private static Instant ofNumber(long number) {
    return number >= LAST * 10
        ? Instant.ofEpochMilli(Math.min(number, LAST * MILLIS))
        : Instant.ofEpochSecond(number);
  }

  private static @Nullable Instant parsed(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
