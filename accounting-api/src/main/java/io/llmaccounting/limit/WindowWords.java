package io.llmaccounting.limit;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

/** Windows in the words of people; {@link Window#toString} is how they are stored. */
final class WindowWords {
  private WindowWords() {}

  /** For instance {@code calendar day (UTC)}, {@code rolling 2 months} or {@code rolling PT1H}. */
  static String of(Window window) {
    if (window instanceof Window.RollingMonths rolling) {
      return "rolling " + counted(rolling.months(), "month");
    }
    if (window instanceof Window.Calendar calendar) {
      String unit = calendar.unit().name().toLowerCase(Locale.ROOT);
      String starting = calendar.start().suffix(calendar.unit());
      return "calendar %s (%s%s)"
          .formatted(
              counted(calendar.count(), unit),
              zone(calendar.zone()),
              starting.isEmpty() ? "" : "," + starting);
    }
    return window.toString();
  }

  private static String counted(int count, String unit) {
    return count == 1 ? unit : count + " " + unit + "s";
  }

  private static String zone(ZoneId zone) {
    return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.toString();
  }
}
