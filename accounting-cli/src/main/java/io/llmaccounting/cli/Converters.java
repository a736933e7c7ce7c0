package io.llmaccounting.cli;

import io.llmaccounting.cli.console.Legible;
import io.llmaccounting.usage.Cost;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.UUID;
import java.util.function.Supplier;
import picocli.CommandLine.TypeConversionException;

/** Reads values of options, and refuses wrong ones in words that say what would be right. */
final class Converters {
  private Converters() {}

  /** Returns what {@code reading} returns; its complaint becomes that of the option. */
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

  /** Reads a whole number within these bounds. */
  static long whole(String text, long least, long most) {
    BigInteger number;
    try {
      number = new BigInteger(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number, was \"" + text + "\"", e);
    }
    if (number.compareTo(BigInteger.valueOf(least)) < 0
        || number.compareTo(BigInteger.valueOf(most)) > 0) {
      throw new IllegalArgumentException(
          "must be a whole number from %s to %s, was \"%s\""
              .formatted(Legible.number(least), Legible.number(most), text));
    }
    return number.longValueExact();
  }

  static BigDecimal decimal(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "must be a decimal number such as 0.25, was \"" + text + "\"", e);
    }
  }

  static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be an id such as 01a22251-a32a-7e18-be79-bdc656d4dc2d, was \"" + text + "\"", e);
    }
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
