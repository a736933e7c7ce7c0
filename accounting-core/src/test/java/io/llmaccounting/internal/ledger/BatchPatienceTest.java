package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchPatienceTest {
  private static final long MILLI = 1_000_000;

  private final BatchPatience patience = new BatchPatience();

  @Test
  void expectsThoseWhoLeftTogetherToComeBackToThoseWhoWait() {
    patience.left(10, 0);

    assertThat(patience.expected(6, 4 * MILLI)).isEqualTo(16);
    assertThat(patience.nanos()).isEqualTo(MILLI);
  }

  @Test
  void expectsNobodyAfterOneCameAlone() {
    patience.left(1, 0);

    assertThat(patience.expected(0, MILLI)).isZero();
    assertThat(patience.expected(3, MILLI)).isEqualTo(3);
    assertThat(patience.nanos()).isZero();
  }

  @Test
  void waitsNoLongerThanTwoMilliseconds() {
    patience.left(10, 0);

    patience.expected(0, 1_000 * MILLI);

    assertThat(patience.nanos()).isEqualTo(2 * MILLI);
  }

  @Test
  void waitsLessAndLessOftenWhereNobodyComes() {
    int waits = 0;
    for (int turn = 0; turn < 1_000; turn++) {
      patience.left(10, 0);
      patience.expected(0, MILLI);
      waits += patience.nanos() > 0 ? 1 : 0;
      patience.came(false);
    }

    assertThat(waits).isBetween(10, 30);
  }

  @Test
  void waitsEachTimeOnceTheyComeAgain() {
    patience.left(10, 0);
    patience.expected(0, MILLI);
    patience.came(false);
    patience.left(10, 0);
    patience.expected(0, MILLI);
    patience.came(false);

    patience.left(10, 0);
    patience.expected(0, MILLI);
    assertThat(patience.nanos()).isPositive();
    patience.came(true);
    patience.left(10, 0);
    patience.expected(0, MILLI);

    assertThat(patience.nanos()).isPositive();
  }
}
