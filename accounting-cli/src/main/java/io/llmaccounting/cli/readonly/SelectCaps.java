package io.llmaccounting.cli.readonly;

import java.time.Duration;

/**
 * How much a question may take.
 *
 * @param rows the most rows that are handed over, at least 1
 * @param time the longest it may run, more than 0
 */
public record SelectCaps(int rows, Duration time) {
  /** Checks both. */
  public SelectCaps {
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be at least 1, was " + rows);
    }
    if (time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException("time must be positive, was " + time);
    }
  }

  long deadline() {
    return System.nanoTime() + time.toNanos();
  }
}
