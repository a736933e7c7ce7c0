package io.llmaccounting.json.limits;

import io.llmaccounting.json.DurationText;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.Window;
import io.llmaccounting.limit.WindowStart;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads over which window a limit of a file counts. Stateless. */
final class WindowForm {
  private static final List<String> KINDS =
      List.of("rolling", "rolling-months", "calendar", "lifetime");

  private WindowForm() {}

  /** The window; null where something is wrong, which is noted. */
  static @Nullable Window read(NodeFields from, ZoneId zone, Metric metric, boolean exemption) {
    List<String> given = KINDS.stream().filter(from::has).toList();
    if (given.size() > 1) {
      from.wrong("one window is enough, was given " + String.join(" and ", given));
      return null;
    }
    calendarOnly(from);
    if (given.isEmpty()) {
      return absent(from, metric, exemption);
    }
    if (metric == Metric.CONCURRENT && !exemption) {
      from.wrong("concurrent counts calls under way and has no window, was given " + given.get(0));
      return null;
    }
    return switch (given.get(0)) {
      case "rolling" ->
          from.parsed("rolling", text -> new Window.Rolling(DurationText.parse(text)));
      case "rolling-months" ->
          from.parsed("rolling-months", text -> new Window.RollingMonths(whole(text)));
      case "calendar" -> calendar(from, zone);
      default -> from.parsed("lifetime", WindowForm::lifetime);
    };
  }

  private static @Nullable Window absent(NodeFields from, Metric metric, boolean exemption) {
    if (exemption) {
      return new Window.Lifetime();
    }
    if (metric == Metric.CONCURRENT) {
      return new Window.Now();
    }
    from.wrong("a window is required: one of " + String.join(", ", KINDS));
    return null;
  }

  private static void calendarOnly(NodeFields from) {
    for (String name : List.of("zone", "starting")) {
      if (from.has(name) && !from.has("calendar")) {
        from.wrong(name + " goes with calendar only");
      }
    }
  }

  private static @Nullable Window calendar(NodeFields from, ZoneId zone) {
    ZoneId own = from.parsed("zone", zone, ZoneId::of);
    CalendarText length = from.parsed("calendar", CalendarText::parse);
    if (length == null) {
      return null;
    }
    WindowStart start =
        from.parsed(
            "starting", WindowStart.OF_UNIT, text -> WindowStart.parse(length.unit(), text));
    return from.parsed(
        "calendar", text -> new Window.Calendar(length.count(), length.unit(), own, start));
  }

  private static Window lifetime(String text) {
    if (!text.equals("true")) {
      throw new IllegalArgumentException("must be true, or absent");
    }
    return new Window.Lifetime();
  }

  private static int whole(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number", e);
    }
  }
}
