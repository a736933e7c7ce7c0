package io.llmaccounting.cli.limits;

import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Window;
import io.llmaccounting.limit.WindowStart;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of which one says over which window a limit counts; none where it counts none. */
final class WindowOptions {
  private static final Pattern CALENDAR = Pattern.compile("(?:(\\d{1,7}) )?([a-z]+?)s?");

  @Option(
      names = "--rolling",
      required = true,
      paramLabel = "DURATION",
      description = "What was used in the last 1h, 90m, 7d and so on.")
  @Nullable Duration rolling;

  @Option(
      names = "--rolling-months",
      required = true,
      paramLabel = "N",
      description = "What was used in the last N months.")
  @Nullable Integer months;

  @Option(
      names = "--calendar",
      required = true,
      paramLabel = "\"N UNIT\"",
      description =
          "What was used since the last full \"1 month\", \"1 day\", \"15 minutes\" and so on, in"
              + " --zone; from --starting, where it is given.")
  @Nullable String calendar;

  @Option(names = "--lifetime", required = true, description = "What was ever used.")
  boolean lifetime;

  Window window(ZoneId zone, @Nullable String starting) {
    if (starting != null && calendar == null) {
      throw new IllegalArgumentException(
          "--starting goes with --calendar only, was \"" + starting + "\"");
    }
    if (rolling != null) {
      return new Window.Rolling(rolling);
    }
    if (months != null) {
      return new Window.RollingMonths(months);
    }
    return calendar == null ? new Window.Lifetime() : calendar(calendar, zone, starting);
  }

  private static Window calendar(String text, ZoneId zone, @Nullable String starting) {
    Matcher words = CALENDAR.matcher(text.toLowerCase(Locale.ROOT));
    if (words.matches()) {
      for (CalendarUnit unit : CalendarUnit.values()) {
        if (unit.name().equalsIgnoreCase(words.group(2))) {
          String count = words.group(1);
          return new Window.Calendar(
              count == null ? 1 : Integer.parseInt(count),
              unit,
              zone,
              starting == null ? WindowStart.OF_UNIT : WindowStart.parse(unit, starting));
        }
      }
    }
    throw new IllegalArgumentException(
        "--calendar must be a count and second, minute, hour, day, week, month or year, such as"
            + " \"1 month\", was \""
            + text
            + "\"");
  }
}
