package io.llmaccounting.sql;

import io.llmaccounting.usage.Saturated;

/** Writes the sums of {@link Saturated} as SQL, for databases fail where a sum overflows. */
public final class SaturatedSql {
  /**
   * What becomes of a column by a change, bound thrice: as far as it is above zero, as far as it is
   * below, and whole. What is full stays full: how much it lacks is not known.
   */
  static final String CHANGED =
      "CASE WHEN %1$s >= 9223372036854775807 - ? THEN 9223372036854775807"
          + " WHEN %1$s <= -9223372036854775807 - ? THEN -9223372036854775807"
          + " ELSE %1$s + ? END";

  private SaturatedSql() {}

  /** The sum of two columns. */
  public static String sum(String one, String other) {
    return ("CASE WHEN %2$s > 0 AND %1$s >= 9223372036854775807 - %2$s THEN 9223372036854775807"
            + " WHEN %2$s < 0 AND %1$s <= -9223372036854775807 - %2$s THEN -9223372036854775807"
            + " ELSE %1$s + %2$s END")
        .formatted(one, other);
  }
}
