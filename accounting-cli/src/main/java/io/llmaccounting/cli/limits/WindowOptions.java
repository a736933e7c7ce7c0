package io.llmaccounting.cli.limits;

import io.llmaccounting.json.limits.CalendarText;
import io.llmaccounting.limit.Window;
import io.llmaccounting.limit.WindowStart;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of which one says over which window a limit counts; none where it counts none. */
final class WindowOptions {
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
    CalendarText length = calendar(text);
    return new Window.Calendar(
        length.count(),
        length.unit(),
        zone,
        starting == null ? WindowStart.OF_UNIT : WindowStart.parse(length.unit(), starting));
  }

  private static CalendarText calendar(String text) {
    try {
      return CalendarText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--calendar " + e.getMessage(), e);
    }
  }
}
