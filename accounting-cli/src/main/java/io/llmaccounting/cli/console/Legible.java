package io.llmaccounting.cli.console;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Plural;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values as people like to read them: grouped, rounded where nothing depends on it, in words. */
public final class Legible {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd");
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mmXXX", Locale.ROOT);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssXXX", Locale.ROOT);
  private static final Duration SHORT = Duration.ofMinutes(1);

  /** How exactly a time is told; never less exactly than its value needs, seconds excepted. */
  enum Precision {
    DAY,
    MINUTE,
    SECOND
  }

  private Legible() {}

  /** A whole number with commas between thousands. */
  public static String number(long number) {
    return grouped(Long.toString(number));
  }

  /**
   * How many there are of what {@code one} names, such as {@code 1 call} or {@code 2,000 calls}.
   */
  public static String count(long count, String one) {
    return number(count) + " " + Plural.noun(count, one);
  }

  /** A plain decimal number with commas between the thousands of its whole part. */
  static String grouped(String plain) {
    int sign = plain.startsWith("-") ? 1 : 0;
    int point = plain.indexOf('.');
    int end = point < 0 ? plain.length() : point;
    StringBuilder text = new StringBuilder(plain);
    for (int i = end - 3; i > sign; i -= 3) {
      text.insert(i, ',');
    }
    return text.toString();
  }

  /** Money, exactly. */
  public static String cost(Cost cost) {
    return "$" + grouped(cost.toString().substring(1));
  }

  /** A time to the second. */
  public static String time(Instant instant, ZoneId zone) {
    return time(instant, zone, Precision.SECOND);
  }

  static String time(Instant instant, ZoneId zone, Precision atLeast) {
    ZonedDateTime time = instant.atZone(zone);
    Precision needed = precision(instant, zone);
    Precision told = needed.compareTo(atLeast) > 0 ? needed : atLeast;
    return switch (told) {
      case DAY -> DAY.format(time);
      case MINUTE -> MINUTE.format(time);
      case SECOND -> SECOND.format(time);
    };
  }

  /** How exactly {@code instant} must be told. */
  static Precision precision(Instant instant, ZoneId zone) {
    ZonedDateTime time = instant.atZone(zone);
    if (time.getSecond() != 0 || time.getNano() != 0) {
      return Precision.SECOND;
    }
    return time.getHour() == 0 && time.getMinute() == 0 ? Precision.DAY : Precision.MINUTE;
  }

  /** The two largest units of a duration, such as {@code 12m 4s}; short ones rounded. */
  public static String duration(Duration duration) {
    if (duration.isNegative()) {
      return "-" + duration(duration.negated());
    }
    if (duration.compareTo(SHORT) < 0) {
      return brief(duration);
    }
    Duration whole = duration.plusMillis(500);
    long days = whole.toDays();
    if (days > 0) {
      return units(days, "d", whole.toHoursPart(), "h");
    }
    return whole.toHours() > 0
        ? units(whole.toHours(), "h", whole.toMinutesPart(), "m")
        : units(whole.toMinutes(), "m", whole.toSecondsPart(), "s");
  }

  private static String units(long many, String large, int few, String small) {
    String first = number(many) + large;
    return few == 0 ? first : first + " " + few + small;
  }

  private static String brief(Duration duration) {
    BigDecimal millis = BigDecimal.valueOf(duration.toNanos(), 6);
    if (millis.signum() == 0) {
      return "0s";
    }
    if (millis.compareTo(BigDecimal.ONE) < 0) {
      return rounded(millis, 3) + "ms";
    }
    BigDecimal rounded = millis.setScale(0, RoundingMode.HALF_UP);
    if (rounded.longValueExact() < 1_000) {
      return rounded + "ms";
    }
    BigDecimal seconds = millis.movePointLeft(3);
    boolean whole = seconds.stripTrailingZeros().scale() <= 0;
    int decimals = seconds.compareTo(BigDecimal.TEN) < 0 ? 2 : 1;
    return (whole ? seconds.stripTrailingZeros() : seconds.setScale(decimals, RoundingMode.HALF_UP))
            .toPlainString()
        + "s";
  }

  private static String rounded(BigDecimal number, int decimals) {
    return number.setScale(decimals, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
  }
}
