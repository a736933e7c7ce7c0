package io.llmaccounting.sql;

import io.llmaccounting.usage.Saturated;

/** Writes the sums of {@link Saturated} as SQL, because databases fail where a sum overflows. */
public final class SaturatedSql {
  /**
   * The new value of a column after a change, which is bound three times: its positive part, its
   * negative part, and the whole. A sum that is at its largest stays there, because nobody knows by
   * how much it is too small.
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
