package io.llmaccounting.internal.ledger;

/**
 * Guesses how many operations are about to join the queue, from how many left it last and have not
 * been replaced yet, and how long it pays to wait for them. Where nobody comes, it waits less and
 * less often. Confined to one thread.
 */
final class BatchPatience {
  // A fraction of the time of the last transaction: waiting costs less than a second transaction
  // would.
  private static final int SHARE = 4;
  private static final long MOST_NANOS = 2_000_000;
  private static final int LONGEST_BREAK = 64;

  private int served;
  private long leftAt;
  private long patience;
  private int breakAfterMiss;
  private int breakLeft;

  /** How many may be in the queue soon; those that wait already included. */
  int expected(int waiting, long nanoTime) {
    int expected = served <= 1 ? waiting : served + waiting;
    if (expected == waiting || breakLeft > 0) {
      breakLeft = Math.max(0, breakLeft - 1);
      patience = 0;
      return waiting;
    }
    patience = Math.min(MOST_NANOS, (nanoTime - leftAt) / SHARE);
    return expected;
  }

  /** How many nanoseconds it pays to wait for them. */
  long nanos() {
    return patience;
  }

  /** Notes whether the operations that were waited for came. */
  void came(boolean all) {
    if (patience == 0) {
      return;
    }
    breakAfterMiss = all ? 0 : Math.min(LONGEST_BREAK, 2 * breakAfterMiss + 1);
    breakLeft = breakAfterMiss;
  }

  /** Notes how many operations left the queue together. */
  void left(int operations, long nanoTime) {
    served = operations;
    leftAt = nanoTime;
  }
}
