package io.llmaccounting.json.limits;

import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.limit.CalendarUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The length of calendar windows as people write it: {@code month}, {@code 1 month}, {@code 15
 * minutes}.
 *
 * @param count how many units
 * @param unit the unit
 */
public record CalendarText(int count, CalendarUnit unit) {
  private static final Pattern FORM = Pattern.compile("(?:(\\d{1,7}) )?([a-z]+?)s?");

  /**
   * Reads a length.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static CalendarText parse(String text) {
    Matcher words = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (words.matches()) {
      for (CalendarUnit unit : CalendarUnit.values()) {
        if (unit.name().equalsIgnoreCase(words.group(2))) {
          String count = words.group(1);
          return new CalendarText(count == null ? 1 : Integer.parseInt(count), unit);
        }
      }
    }
    throw new IllegalArgumentException(
        "must be a count and second, minute, hour, day, week, month or year, such as \"1 month\","
            + " was \""
            + text
            + '"');
  }

  /** Writes the length as {@link #parse} reads it. */
  @Override
  public String toString() {
    return count + " " + JsonWriter.word(unit) + (count == 1 ? "" : "s");
  }
}
