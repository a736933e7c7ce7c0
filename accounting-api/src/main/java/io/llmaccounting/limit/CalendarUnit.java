package io.llmaccounting.limit;

/** Units of calendar windows. */
public enum CalendarUnit {
  /** Seconds of elapsed time from 1970-01-01T00:00Z. */
  SECOND,
  /** Minutes of elapsed time from 1970-01-01T00:00Z. */
  MINUTE,
  /** Hours of elapsed time from 1970-01-01T00:00Z. */
  HOUR,
  /** Days in the limit's zone; 23 or 25 hours long where clocks change. */
  DAY,
  /** Weeks in the limit's zone, counted from Monday 1970-01-05. */
  WEEK,
  /** Months in the limit's zone. */
  MONTH,
  /** Years in the limit's zone. */
  YEAR
}
