package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.acceptance.BackendUnderTest;
import io.llmaccounting.acceptance.StorageUnderTest;
import org.junit.jupiter.api.Test;

/** Nobody is refused for long what somebody else only keeps. {@code -Dleases.seed} begins. */
public class LeaseFairnessAcceptance {
  private static final int HISTORIES = 40;
  private static final int STEPS_IN_A_DATABASE = 500;

  @Test
  final void noProcessIsRefusedForLongerThanTwoTermsWhileThereIsRoom() {
    BackendUnderTest backend = BackendUnderTest.chosen();
    boolean inMemory = backend.name().equals("memory");
    int histories = inMemory ? HISTORIES : 1;
    long most = inMemory ? Long.MAX_VALUE : STEPS_IN_A_DATABASE;
    long first = Long.getLong("leases.seed", 1);
    long refused = 0;
    for (long seed = first; seed < first + histories; seed++) {
      try (StorageUnderTest storage = backend.create();
          LeaseQueue queue = new LeaseQueue(seed, storage)) {
        queue.play(most);
        refused += queue.refused;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }

    if (inMemory) {
      assertThat(refused).as("refusals while there was room").isPositive();
    }
  }
}
