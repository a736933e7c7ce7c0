package io.llmaccounting.sql.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GroupLatenciesTest {
  private static final int[] PERCENTS = {50, 90, 95, 99};

  @Test
  void anyNumberOfThemHasExactPercentiles() {
    for (int count : new int[] {1, 2, 99, 2_048, 2_049, 5_000, 20_000}) {
      for (long seed = 0; seed < 20; seed++) {
        long[] values = values(seed, count);
        GroupLatencies latencies = new GroupLatencies();
        LongStream.of(values).forEach(latencies::add);
        int readings = 1;
        for (; latencies.lookAgain(); readings++) {
          LongStream.of(values).forEach(latencies::addAgain);
        }

        assertThat(latencies.percentiles())
            .as("seed %d, %d values", seed, count)
            .isEqualTo(expected(values));
        assertThat(readings).isLessThanOrEqualTo(4);
      }
    }
  }

  @Test
  void fewAreKnownAfterOneReading() {
    GroupLatencies latencies = new GroupLatencies();
    LongStream.of(values(1, 2_048)).forEach(latencies::add);

    assertThat(latencies.lookAgain()).isFalse();
  }

  @Test
  void manyInOneBinAreReadOftenerInsteadOfKept() {
    long hours = 100_000_000_000L;
    long[] values = new Random(5).longs(200_000, hours, hours + hours / 2_000).toArray();
    GroupLatencies latencies = new GroupLatencies();
    LongStream.of(values).forEach(latencies::add);
    int readings = 1;
    for (; latencies.lookAgain(); readings++) {
      LongStream.of(values).forEach(latencies::addAgain);
    }

    assertThat(latencies.percentiles()).isEqualTo(expected(values));
    assertThat(readings).isEqualTo(3);
  }

  @Test
  void whatComesOrLeavesBetweenTheReadingsMovesThemByAThousandthAtMost() {
    long[] values = values(3, 10_000);
    GroupLatencies more = new GroupLatencies();
    GroupLatencies less = new GroupLatencies();
    LongStream.of(values).forEach(more::add);
    LongStream.of(values).forEach(less::add);
    assertThat(more.lookAgain()).isTrue();
    assertThat(less.lookAgain()).isTrue();
    LongStream.of(values).forEach(more::addAgain);
    LongStream.of(values(4, 10_000)).forEach(more::addAgain);
    for (int reading = 3; more.lookAgain(); reading++) {
      assertThat(reading).isLessThan(9);
    }
    assertThat(less.lookAgain()).isFalse();

    expected(values)
        .forEach(
            (percent, exact) -> {
              assertThat(more.percentiles().get(percent))
                  .isBetween(exact - exact / 1_000, exact + exact / 1_000);
              assertThat(less.percentiles().get(percent)).isBetween(exact, exact + exact / 1_000);
            });
  }

  @Test
  void noneHaveNoPercentiles() {
    assertThat(new GroupLatencies().percentiles()).isEmpty();
  }

  private static long[] values(long seed, int count) {
    Random random = new Random(seed);
    int bits = 1 + random.nextInt(40);
    return LongStream.generate(() -> random.nextLong(1L << bits)).limit(count).toArray();
  }

  private static Map<Integer, Long> expected(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    Map<Integer, Long> expected = new TreeMap<>();
    for (int percent : PERCENTS) {
      expected.put(percent, sorted[(int) ((percent * (long) sorted.length + 99) / 100) - 1]);
    }
    return expected;
  }
}
