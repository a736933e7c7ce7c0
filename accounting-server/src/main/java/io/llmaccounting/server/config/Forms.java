package io.llmaccounting.server.config;

import io.llmaccounting.json.DurationText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads values from texts; each complaint says what would be right, and begins with "must". */
final class Forms {
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([A-Za-z]*)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L,
          "b", 1L,
          "kb", 1_000L,
          "mb", 1_000_000L,
          "gb", 1_000_000_000L,
          "kib", 1L << 10,
          "mib", 1L << 20,
          "gib", 1L << 30);

  private Forms() {}

  static Duration duration(String text) {
    Duration duration = DurationText.parse(text);
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("must be longer than nothing, was \"" + text + "\"");
    }
    return duration;
  }

  static Duration durationOrNone(String text) {
    Duration duration = DurationText.parse(text);
    if (duration.isNegative()) {
      throw new IllegalArgumentException("must not be negative, was \"" + text + "\"");
    }
    return duration;
  }

  static long size(String text) {
    Matcher size = SIZE.matcher(text);
    Long unit = size.matches() ? UNITS.get(size.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          "must be a number of bytes such as 500, 64KB, 2MiB or 1GiB, was \"" + text + "\"");
    }
    BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(unit));
    if (bytes.compareTo(BigDecimal.valueOf(1L << 50)) > 0) {
      throw new IllegalArgumentException("must be at most 1 PiB, was \"" + text + "\"");
    }
    return bytes.longValue();
  }

  static int whole(String text, int least, int most) {
    int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          "must be a whole number from %d to %d, was \"%s\"".formatted(least, most, text));
    }
    return number;
  }

  static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw new IllegalArgumentException("must be true or false, was \"" + text + "\"");
    };
  }

  static <E extends Enum<E>> E word(Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> word(one).equals(text.toLowerCase(Locale.ROOT).replace('_', '-')))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be one of %s, was \"%s\""
                        .formatted(
                            Arrays.stream(type.getEnumConstants())
                                .map(Forms::word)
                                .collect(Collectors.joining(", ")),
                            text)));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
