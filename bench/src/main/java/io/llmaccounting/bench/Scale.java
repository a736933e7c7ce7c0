package io.llmaccounting.bench;

/**
 * How long and how much is measured.
 *
 * @param seconds of one run of one side
 * @param sustained seconds of a run that shows that nothing piles up
 * @param rounds how often both sides take turns
 * @param threads of a load
 * @param bulk records imported at once
 * @param history the longer of two histories
 * @param archive records under reports, exports, rebuilds and the measuring of disk
 * @param limits the larger of two numbers of limits
 * @param spent calls that several processes have room for together
 */
record Scale(
    double seconds,
    double sustained,
    int rounds,
    int threads,
    int bulk,
    int history,
    int archive,
    int limits,
    int spent) {
  /** For figures that are published. */
  static final Scale FULL =
      new Scale(1.5, 60, 5, 16, 1_000_000, 1_000_000, 10_000_000, 10_000, 10_000);

  /** To see in seconds that everything works, and roughly where it stands. */
  static final Scale QUICK = new Scale(0.15, 0.5, 1, 16, 5_000, 10_000, 20_000, 300, 400);
}
