package io.llmaccounting.providers.prices;

import java.time.LocalTime;
import java.util.Objects;

/**
 * Prices for a part of each day, in UTC.
 *
 * @param start the first instant of it
 * @param end the first instant after it; before {@code start} if it spans midnight
 * @param prices the prices of these hours, in full
 */
public record DailyPrices(LocalTime start, LocalTime end, TokenPrices prices) {
  /** Checks that the hours are not empty. */
  public DailyPrices {
    Objects.requireNonNull(prices, "prices is required, was null");
    if (start.equals(end)) {
      throw new IllegalArgumentException("start and end must differ, both were " + start);
    }
  }

  // Of two windows of a circle that share an instant, one contains the other's start.
  boolean overlaps(DailyPrices other) {
    return contains(other.start) || other.contains(start);
  }

  boolean contains(LocalTime time) {
    boolean started = !time.isBefore(start);
    boolean notEnded = time.isBefore(end);
    return start.isBefore(end) ? started && notEnded : started || notEnded;
  }
}
