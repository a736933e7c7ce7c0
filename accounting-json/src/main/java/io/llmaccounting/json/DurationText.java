package io.llmaccounting.json;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * DurationText as people write them: {@code 640ms}, {@code 1.5s}, {@code 1h30m}, or as ISO 8601.
 */
public final class DurationText {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s|m|h|d)");
  private static final Duration LONGEST = Duration.ofDays(365_000);
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  private DurationText() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if it is none, or has no unit
   */
  public static Duration parse(String text) {
    try {
      return text.startsWith("P") || text.startsWith("-P") ? Duration.parse(text) : parts(text);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "must be a duration such as 640ms, 1.5s, 90m, 1h30m, 7d or PT1H, was \"" + text + "\"",
          e);
    }
  }

  private static Duration parts(String text) {
    Matcher part = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      sum = sum.plus(ofSeconds(new BigDecimal(part.group(1)).multiply(seconds(part.group(2)))));
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException("no duration");
    }
    return sum;
  }

  /** A duration of so many seconds, which may have decimals. */
  public static Duration ofSeconds(BigDecimal seconds) {
    if (seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) > 0) {
      throw new IllegalArgumentException("must be at most " + LONGEST + ", was " + seconds + " s");
    }
    BigDecimal[] parts = seconds.divideAndRemainder(BigDecimal.ONE);
    return Duration.ofSeconds(
        parts[0].longValueExact(), parts[1].multiply(NANOS).toBigInteger().longValueExact());
  }

  private static BigDecimal seconds(String unit) {
    return switch (unit) {
      case "us" -> new BigDecimal("0.000001");
      case "ms" -> new BigDecimal("0.001");
      case "s" -> BigDecimal.ONE;
      case "m" -> BigDecimal.valueOf(60);
      case "h" -> BigDecimal.valueOf(3_600);
      default -> BigDecimal.valueOf(86_400);
    };
  }

  /** Writes a duration as {@link #parse} reads it, in the largest units that are exact. */
  public static String of(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      return duration.isZero() ? "0s" : "-" + of(duration.negated());
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      BigDecimal millis = BigDecimal.valueOf(duration.toNanos(), 6).stripTrailingZeros();
      return millis.toPlainString() + "ms";
    }
    StringBuilder text = new StringBuilder();
    append(text, duration.toDays(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    BigDecimal seconds =
        BigDecimal.valueOf(duration.toSecondsPart())
            .add(BigDecimal.valueOf(duration.toNanosPart(), 9))
            .stripTrailingZeros();
    if (seconds.signum() > 0) {
      text.append(seconds.toPlainString()).append('s');
    }
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(count).append(unit);
    }
  }
}
