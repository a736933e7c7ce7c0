package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.acceptance.BackendUnderTest;
import io.llmaccounting.acceptance.StorageUnderTest;
import org.junit.jupiter.api.Test;

/**
 * Whatever becomes of processes that lease limits, none of these is overshot, counters are what the
 * records say, and nothing is left over. {@code -Dleases.operations} says how much is tried, {@code
 * -Dleases.seed} where the histories begin.
 */
public class LeasePropertyAcceptance {
  private static final int STEPS = 1_000;
  private static final long IN_MEMORY = 20_000;
  private static final long IN_A_DATABASE = 1_000;

  private long locally;
  private long inLedger;
  private long denied;
  private long late;

  @Test
  final void noOvershootExactCountersAndNothingLeaked() {
    BackendUnderTest backend = BackendUnderTest.chosen();
    long usual = backend.name().equals("memory") ? IN_MEMORY : IN_A_DATABASE;
    long operations = Long.getLong("leases.operations", usual);
    long first = Long.getLong("leases.seed", 1);
    for (long i = 0; i * STEPS < operations; i++) {
      play(backend, first + i);
    }

    assertThat(inLedger).isPositive();
    if (operations >= IN_MEMORY) {
      assertThat(denied).isPositive();
      assertThat(locally).as("let in from leases").isGreaterThan(inLedger / 4);
      assertThat(late).isPositive();
    }
  }

  private void play(BackendUnderTest backend, long seed) {
    try (StorageUnderTest storage = backend.create();
        LeaseHistory history = new LeaseHistory(seed, storage)) {
      history.play(STEPS);
      locally += history.locally;
      inLedger += history.inLedger;
      denied += history.denied;
      late += history.late();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }
}
