package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random histories through the whole house, against a model that adds up every record again. */
public abstract class EndToEndPropertyAcceptance extends AcceptanceTest {
  private static final int LEAST_OPERATIONS = 20_000;
  private static final int MOST_IN_A_HISTORY = 1_000;

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
}
