package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random histories through the whole house, against a model that adds up every record again. */
public class EndToEndPropertyAcceptance extends AcceptanceTest {
  private static final int LEAST_OPERATIONS =
      Integer.getInteger("llm.accounting.test.operations", 2_000);
  private static final int MOST_IN_A_HISTORY = 1_000;
  private static final int HISTORIES_OF_CLOCKS = 30;

  @Test
  final void decidesBooksAndPromisesExactlyLikeTheModel() {
    int operations = 0;
    for (long seed = 1; operations < LEAST_OPERATIONS; seed++) {
      Random random = new Random(seed);
      RandomHistory history = new RandomHistory(this, seed, random);
      operations += history.play(200 + random.nextInt(MOST_IN_A_HISTORY - 200));
      assertThat(accounting().admin().verify().differences()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  @DisplayName("no window holds more than its limit while the clock steps back by up to a day")
  final void staysWithinLimitsWhileTheClockStepsBack() {
    for (long seed = 1; seed <= HISTORIES_OF_CLOCKS; seed++) {
      new UnsteadyClock(this, seed).play();
    }
    assertThat(accounting().admin().verify().differences()).isEmpty();
  }
}
