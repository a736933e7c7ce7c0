package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.limit.Metric;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** faults B8, G6. */
class SaturatedTest {
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  @Test
  void isTheTrueSumOrTheNearestThatIsHeld() {
    long[] values = {0, 1, -1, Long.MAX_VALUE, -Long.MAX_VALUE, Long.MAX_VALUE - 1, 1L << 62};
    for (long one : values) {
      for (long other : values) {
        assertThat(Saturated.sum(one, other)).isEqualTo(nearest(one, other));
      }
    }
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      long one = random.nextLong() >> random.nextInt(64);
      long other = random.nextLong() >> random.nextInt(64);
      assertThat(Saturated.sum(one, other)).isEqualTo(nearest(one, other));
    }
  }

  private static long nearest(long one, long other) {
    return BigInteger.valueOf(one)
        .add(BigInteger.valueOf(other))
        .min(MOST)
        .max(MOST.negate())
        .longValueExact();
  }

  @Test
  void totalsAndTokensAddUpWhatNoLongHolds() {
    TokenUsage most =
        new TokenUsage(
            Long.MAX_VALUE, Long.MAX_VALUE, 1, 1, Long.MAX_VALUE, Long.MAX_VALUE, 1, 1, null);
    UsageTotals.Sum sum = new UsageTotals.Sum(1, Long.MAX_VALUE);

    assertThat(most.plus(most).total()).isEqualTo(Long.MAX_VALUE);
    assertThat(most.cacheWrite()).isEqualTo(2);
    assertThat(sum.plus(sum)).isEqualTo(new UsageTotals.Sum(2, Long.MAX_VALUE));
    assertThat(Metric.COST.format(Long.MIN_VALUE)).isEqualTo("-$9223372036.854775807");
  }
}
