package io.llmaccounting.cli;

import io.llmaccounting.usage.Cost;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.function.Supplier;
import picocli.CommandLine.TypeConversionException;

/** Values of options, refused in words that say what would be right. */
final class Converters {
  private Converters() {}

  /** What {@code reading} returns; its complaint becomes that of the option. */
  static <T> T explained(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  static Cost cost(String text) {
    return Cost.usd(text.startsWith("$") ? text.substring(1) : text);
  }

  static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "must be a time zone such as UTC, Europe/Berlin or +02:00, was \"" + text + "\"", e);
    }
  }
}
