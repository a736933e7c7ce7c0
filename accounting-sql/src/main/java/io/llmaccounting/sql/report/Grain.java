package io.llmaccounting.sql.report;

import io.llmaccounting.sql.RollupKey;

/** The lengths of time that rollups are kept for, counted from 1970 in UTC. */
enum Grain {
  QUARTER_HOUR(RollupKey.QUARTER_HOUR),
  DAY(RollupKey.DAY);

  private final long micros;

  Grain(long micros) {
    this.micros = micros;
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
