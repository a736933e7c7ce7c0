package io.llmaccounting.sql.report;

import java.time.Duration;

/** The lengths of time that rollups are kept for, counted from 1970 in UTC. */
enum Grain {
  QUARTER_HOUR(Duration.ofMinutes(15)),
  DAY(Duration.ofDays(1));

  private final long micros;

  Grain(Duration length) {
    this.micros = length.toMillis() * 1_000;
  }

  long micros() {
    return micros;
  }

  long floor(long instant) {
    return Math.floorDiv(instant, micros) * micros;
  }

  long ceiling(long instant) {
    return -Math.floorDiv(-instant, micros) * micros;
  }
}
