package io.llmaccounting.sql;

import java.util.Comparator;

/**
 * A name on one day.
 *
 * @param day where it is used
 * @param name of that dimension, not empty
 */
record RollupName(Day day, String name) implements Comparable<RollupName> {
  private static final Comparator<RollupName> ORDER =
      Comparator.comparing(RollupName::day).thenComparing(RollupName::name);

  /**
   * A dimension of a day.
   *
   * @param start of the day, UTC, microseconds since 1970
   * @param dimension which of the five
   */
  record Day(long start, RollupDimension dimension) implements Comparable<Day> {
    private static final Comparator<Day> ORDER =
        Comparator.comparingLong(Day::start).thenComparing(Day::dimension);

    @Override
    public int compareTo(Day other) {
      return ORDER.compare(this, other);
    }
  }

  @Override
  public int compareTo(RollupName other) {
    return ORDER.compare(this, other);
  }
}
