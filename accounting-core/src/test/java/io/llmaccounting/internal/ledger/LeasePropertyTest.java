package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Whatever becomes of processes that lease limits, none of these is overshot, counters are what the
 * records say, and nothing is left over.
 */
class LeasePropertyTest {
  private static final int STEPS = 1_000;

  @Test
  void noOvershootExactCountersAndNothingLeaked() {
    long operations = Long.getLong("leases.operations", 20_000);
    long first = Long.getLong("leases.seed", 1);
    long locally = 0;
    long inLedger = 0;
    long denied = 0;
    long late = 0;
    for (long i = 0; i * STEPS < operations; i++) {
      long seed = first + i;
      LeaseHistory history = new LeaseHistory(seed);
      try {
        history.play(STEPS);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
      locally += history.locally;
      inLedger += history.inLedger;
      denied += history.denied;
      late += history.late();
    }
    assertThat(locally).as("let in from leases").isGreaterThan(inLedger / 4);
    assertThat(inLedger).isPositive();
    assertThat(denied).isPositive();
    assertThat(late).isPositive();
  }
}
