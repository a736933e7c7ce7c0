package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.console.Legible;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Match;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Limits in the words of people. */
final class Words {
  private static final Pattern CALENDAR = Pattern.compile("calendar (\\d+) ([A-Z]+) (.+)");

  private Words() {}

  /** The window of a limit: {@code rolling 30d}, {@code calendar day, UTC}. */
  static String window(Window window) {
    if (window instanceof Window.Rolling rolling) {
      return "rolling " + Legible.duration(rolling.length());
    }
    if (window instanceof Window.RollingMonths rolling) {
      return "rolling " + counted(Integer.toString(rolling.months()), "month");
    }
    Matcher calendar = CALENDAR.matcher(window.toString());
    if (!calendar.matches()) {
      return window.toString();
    }
    String unit = calendar.group(2).toLowerCase(Locale.ROOT);
    return "calendar " + counted(calendar.group(1), unit) + ", " + calendar.group(3);
  }

  private static String counted(String count, String unit) {
    return count.equals("1") ? unit : count + " " + unit + "s";
  }

  /** What a limit measures: {@code input-tokens}. */
  static String metric(Metric metric) {
    return metric.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The values that a limit watches: {@code alice}, {@code gpt*}, {@code each}. */
  static String match(Match match) {
    String text = match.toString();
    return text.startsWith("is ") ? text.substring(3) : text;
  }

  /** An amount of what a limit measures. */
  static String amount(Metric metric, long amount) {
    Object read = Amounts.of(metric, amount);
    if (read == null) {
      return "no limit";
    }
    if (read instanceof BigDecimal tokens) {
      return tokens.toPlainString();
    }
    return read instanceof Cost cost ? Legible.cost(cost) : Legible.number(amount);
  }

  /** How full a counter is, in percent of its maximum, what is held included. */
  static long percent(LimitStatus status) {
    double maximum = Math.max(1, status.limit().maximum());
    double taken = (double) status.used() + status.held();
    return (long) Math.floor(100 * taken / maximum);
  }
}
