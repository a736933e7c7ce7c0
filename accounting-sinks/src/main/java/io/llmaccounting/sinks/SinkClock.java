package io.llmaccounting.sinks;

import java.time.InstantSource;

/** The clock of sinks that are given none. */
final class SinkClock {
  static final InstantSource SYSTEM = InstantSource.system();

  private SinkClock() {}
}
