package io.llmaccounting.internal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentValuesTest {
  private final RecentValues<Integer, String> values = new RecentValues<>(100);

  @Test
  void keepsTheValuesThatWereUsedLast() {
    values.put(0, "used all the time");
    for (int key = 1; key <= 10_000; key++) {
      values.put(key, "value " + key);
      assertThat(values.get(0)).isEqualTo("used all the time");
    }

    assertThat(values.get(10_000)).isEqualTo("value 10000");
    assertThat(values.get(9_960)).as("less than half of them ago").isEqualTo("value 9960");
    assertThat(values.get(1)).isNull();
  }

  @Test
  void neverKeepsMoreThanItMay() {
    for (int key = 0; key < 10_000; key++) {
      values.put(key, "value");
    }

    assertThat(IntStream.range(0, 10_000).filter(key -> values.get(key) != null).count())
        .isBetween(50L, 100L);
  }

  @Test
  void makesAValueOnce() {
    AtomicInteger made = new AtomicInteger();

    for (int i = 0; i < 3; i++) {
      assertThat(values.get(7, key -> "made " + made.incrementAndGet())).isEqualTo("made 1");
    }
  }

  @Test
  void joinsAValueToTheOneThatIsThereHoweverOld() {
    values.merge(1, "a", String::concat);
    for (int key = 100; key < 160; key++) {
      values.put(key, "value");
    }
    values.merge(1, "b", String::concat);

    assertThat(values.get(1)).isEqualTo("ab");
  }

  @Test
  void returnsWhatReplacedAValue() {
    values.put(1, "old");
    values.put(1, "new");

    assertThat(values.get(1)).isEqualTo("new");
  }
}
