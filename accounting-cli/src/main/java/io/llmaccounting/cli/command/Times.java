package io.llmaccounting.cli.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** Instants as people write them. */
public final class Times {
  private static final int DATE_LENGTH = 10;

  private Times() {}

  /**
   * Reads an instant: a date, or a date and a time; in {@code zone} unless it says another.
   *
   * @param option the option that it was given to, for the message
   * @throws IllegalArgumentException if it is none
   */
  public static Instant parse(String option, String text, ZoneId zone) {
    String iso = text.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d) ", "$1T");
    try {
      if (iso.length() == DATE_LENGTH) {
        return LocalDate.parse(iso).atStartOfDay(zone).toInstant();
      }
      boolean hasZone = iso.endsWith("Z") || iso.matches(".*T.*[+-]\\d\\d(:?\\d\\d)?");
      return hasZone
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).atZone(zone).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          option
              + " must be a time such as 2026-03-01, 2026-03-01T12:30:00 or 2026-03-01T12:30:00Z,"
              + " was \""
              + text
              + "\"",
          e);
    }
  }
}
