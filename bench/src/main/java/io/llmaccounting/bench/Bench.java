package io.llmaccounting.bench;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * What benchmarks are run with.
 *
 * @param stores the databases
 * @param scale how much is measured
 * @param clock says when calls are made
 */
record Bench(List<Store> stores, Scale scale, InstantSource clock) {
  Load load(Store store) {
    return new Load(scale.threads(), scale.seconds(), store.probe());
  }

  /** Calls for each thread of a load, seeded alike for both sides. */
  Calls[] calls() {
    return calls(scale.threads());
  }

  Calls[] calls(int threads) {
    Calls[] calls = new Calls[threads];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = new Calls(i);
    }
    return calls;
  }

  long now() {
    return Calls.micros(clock.instant());
  }

  /** A month of the past, so that nothing is made in the future. */
  Instant monthStart() {
    return Instant.parse("2026-03-01T00:00:00Z");
  }
}
