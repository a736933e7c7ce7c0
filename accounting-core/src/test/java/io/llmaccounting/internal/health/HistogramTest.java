package io.llmaccounting.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.health.Health;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private final Histogram histogram = new Histogram();

  @Test
  void withoutFiguresEverythingIsZero() {
    assertThat(histogram.spread()).isEqualTo(new Health.Spread(0, 0, 0, 0, 0, 0));
  }

  @Test
  void smallFiguresAreExact() {
    for (int i = 1; i <= 7; i++) {
      histogram.add(i);
    }

    assertThat(histogram.spread()).isEqualTo(new Health.Spread(7, 28, 4, 7, 7, 7));
  }

  @Test
  void noPercentileIsAboveTheLargest() {
    histogram.add(1_000_001);

    assertThat(histogram.spread())
        .isEqualTo(new Health.Spread(1, 1_000_001, 1_000_001, 1_000_001, 1_000_001, 1_000_001));
  }

  @Test
  void takesTheLargestFigureThatThereIs() {
    histogram.add(Long.MAX_VALUE);

    assertThat(histogram.spread().p50()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void percentilesAreWithinAnEighthOfTheRealOnes() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      Histogram some = new Histogram();
      long[] figures = new long[1 + random.nextInt(2_000)];
      for (int i = 0; i < figures.length; i++) {
        figures[i] = random.nextLong(1L << (1 + random.nextInt(40)));
        some.add(figures[i]);
      }
      Arrays.sort(figures);

      Health.Spread spread = some.spread();

      assertWithinAnEighth(seed, spread.p50(), figures, 50);
      assertWithinAnEighth(seed, spread.p95(), figures, 95);
      assertWithinAnEighth(seed, spread.p99(), figures, 99);
      assertThat(spread.sum()).as("seed %d", seed).isEqualTo(Arrays.stream(figures).sum());
      assertThat(spread.largest()).as("seed %d", seed).isEqualTo(figures[figures.length - 1]);
    }
  }

  private static void assertWithinAnEighth(long seed, long said, long[] figures, int percent) {
    long real = figures[(figures.length * percent + 99) / 100 - 1];
    assertThat(said).as("p%d, seed %d", percent, seed).isBetween(real, real + real / 8);
  }
}
