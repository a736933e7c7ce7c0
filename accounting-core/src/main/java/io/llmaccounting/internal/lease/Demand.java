package io.llmaccounting.internal.lease;

/**
 * Measures how fast this process spends a counter: a sum in which amounts count less the longer ago
 * they were spent, so that in the long run it is what is spent in one term. Confined to one thread
 * at a time.
 */
final class Demand {
  private static final double SLICE_TERMS = 1.5;
  private static final int LEAST_CALLS = 16;

  private double perTerm;
  private double callsPerTerm;
  private long spent;
  private long calls;
  private long since;

  Demand(long nanoTime) {
    this.since = nanoTime;
  }

  /** Notes that a call takes so much. */
  void spend(long amount) {
    spent += amount;
    calls++;
  }

  /** Brings the average up to now. */
  void fold(long nanoTime, long termNanos) {
    long passed = Math.max(1, nanoTime - since);
    double terms = (double) passed / termNanos;
    double kept = Math.exp(-terms);
    double weight = terms < 1e-6 ? 1 : (1 - kept) / terms;
    perTerm = perTerm * kept + spent * weight;
    callsPerTerm = callsPerTerm * kept + calls * weight;
    spent = 0;
    calls = 0;
    since = nanoTime;
  }

  /** How many calls a term sees. */
  double calls() {
    return callsPerTerm;
  }

  /**
   * The amount that is likely to be spent in one and a half terms, at least some calls; in the
   * limit's unit.
   */
  long wanted() {
    double least = LEAST_CALLS * (double) typical();
    return (long) Math.ceil(Math.min(1e18, Math.max(least, SLICE_TERMS * perTerm)));
  }

  /** What one call takes, in the limit's unit; 0 where none was seen. */
  long typical() {
    return callsPerTerm < 1e-9 ? 0 : Math.round(Math.min(1e18, perTerm / callsPerTerm));
  }
}
