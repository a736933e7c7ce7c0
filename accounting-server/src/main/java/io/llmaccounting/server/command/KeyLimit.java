package io.llmaccounting.server.command;

import io.llmaccounting.json.AmountText;
import io.llmaccounting.json.DurationText;
import io.llmaccounting.json.limits.CalendarText;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.Window;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A limit of a key, as it is typed: {@code cost=5/month}, {@code requests=60/1m}.
 *
 * @param text as it was typed
 * @param metric what it measures
 * @param maximum how much of that, as limits count it
 * @param window over which window
 */
record KeyLimit(String text, Metric metric, long maximum, Window window) {
  /** The tag that calls under a key have, with the id of the key. */
  static final String TAG = "key";

  static final String FORM = "METRIC=AMOUNT/WINDOW";

  /**
   * Reads a limit.
   *
   * @throws IllegalArgumentException if it is none
   */
  static KeyLimit parse(String text, ZoneId zone) {
    int equals = text.indexOf('=');
    int slash = text.indexOf('/', equals);
    if (equals < 1 || slash < 0) {
      throw new IllegalArgumentException(
          "--limit must be %s, such as cost=5/month, requests=60/1m or total-tokens=100000/lifetime,"
                  .formatted(FORM)
              + " was \""
              + text
              + "\"");
    }
    Metric metric = metric(text.substring(0, equals));
    long maximum = AmountText.parse("--limit", metric, text.substring(equals + 1, slash));
    return new KeyLimit(text, metric, maximum, window(text.substring(slash + 1), zone));
  }

  private static Metric metric(String word) {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric != Metric.WEIGHTED_TOKENS && metric != Metric.CONCURRENT)
        .filter(metric -> Words.of(metric).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--limit must measure %s, was \"%s\""
                        .formatted(
                            Arrays.stream(Metric.values())
                                .filter(metric -> metric != Metric.WEIGHTED_TOKENS)
                                .filter(metric -> metric != Metric.CONCURRENT)
                                .map(Words::of)
                                .collect(Collectors.joining(", ")),
                            word)));
  }

  private static Window window(String word, ZoneId zone) {
    if (word.equals("lifetime")) {
      return new Window.Lifetime();
    }
    try {
      return word.matches("\\d+(\\.\\d+)?[a-z].*")
          ? new Window.Rolling(DurationText.parse(word))
          : calendar(CalendarText.parse(word), zone);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--limit must have a window such as 1h, 30d, day, month or lifetime, was \""
              + word
              + "\"",
          e);
    }
  }

  private static Window calendar(CalendarText length, ZoneId zone) {
    return new Window.Calendar(length.count(), length.unit(), zone);
  }

  /** The limit for the key of this id. */
  Limit of(UUID key) {
    return Limit.named(name(key)).tag(TAG, key.toString()).of(metric, maximum).over(window);
  }

  /** A limit as it is typed. */
  static String text(Limit limit) {
    String amount =
        limit.isExemption() ? "unlimited" : AmountText.of(limit.metric(), limit.maximum());
    return Words.of(limit.metric()) + "=" + amount + "/" + text(limit.window());
  }

  private static String text(Window window) {
    if (window instanceof Window.Rolling rolling) {
      return DurationText.of(rolling.length());
    }
    return window instanceof Window.Calendar calendar
        ? new CalendarText(calendar.count(), calendar.unit()).toString().replaceFirst("^1 ", "")
        : window.toString();
  }

  private String name(UUID key) {
    return "key " + key + ": " + Words.of(metric) + text.substring(text.indexOf('/'));
  }
}
