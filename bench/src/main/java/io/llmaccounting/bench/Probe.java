package io.llmaccounting.bench;

/** Counts what a side has asked of its database since the process began. */
interface Probe {
  /** Counts nothing. */
  Probe NONE =
      new Probe() {
        @Override
        public double roundTrips() {
          return Double.NaN;
        }

        @Override
        public double commits() {
          return Double.NaN;
        }
      };

  /** Times that somebody waited for the server; NaN where there is no server. */
  double roundTrips();

  /** Write transactions; NaN where they are not counted. */
  double commits();
}
