package io.llmaccounting.server.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** What is told of many times. */
class LatenciesTest {
  @Test
  void ofNoneThereIsNothing() {
    assertThat(new Latencies().percentile(99)).isZero();
  }

  @Test
  void smallOnesAreExact() {
    Latencies times = new Latencies();
    for (int micros = 1; micros <= 100; micros++) {
      times.add(TimeUnit.MICROSECONDS.toNanos(micros));
    }

    assertThat(times.percentile(50)).isEqualTo(0.050, within(1e-9));
    assertThat(times.percentile(99)).isEqualTo(0.099, within(1e-9));
    assertThat(times.percentile(100)).isEqualTo(0.100, within(1e-9));
  }

  @Test
  void everyShareIsExactToAHundredth() {
    Random random = new Random(42);
    long[] micros = random.longs(10_000, 300, 60_000_000).toArray();
    Latencies times = new Latencies();
    for (long one : micros) {
      times.add(TimeUnit.MICROSECONDS.toNanos(one));
    }
    Arrays.sort(micros);

    for (int percent : new int[] {1, 50, 90, 99}) {
      assertThat(times.percentile(percent))
          .isCloseTo(micros[100 * percent - 1] / 1e3, Percentage.withPercentage(1));
    }
  }

  @Test
  void whatIsLongerThanAnythingIsTheLongest() {
    Latencies times = new Latencies();
    times.add(Long.MAX_VALUE);
    times.add(-1);

    assertThat(times.count()).isEqualTo(2);
    assertThat(times.percentile(50)).isZero();
    assertThat(times.percentile(100)).isPositive();
  }
}
