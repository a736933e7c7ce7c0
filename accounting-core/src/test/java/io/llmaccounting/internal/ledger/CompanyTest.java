package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompanyTest {
  private static final long MILLI = 1_000_000;

  private final Company company = new Company();

  @Test
  void expectsThoseWhoLeftTogetherToComeBackToThoseWhoWait() {
    company.left(10, 0);

    assertThat(company.expected(6, 4 * MILLI)).isEqualTo(16);
    assertThat(company.patience()).isEqualTo(MILLI);
  }

  @Test
  void expectsNobodyAfterOneCameAlone() {
    company.left(1, 0);

    assertThat(company.expected(0, MILLI)).isZero();
    assertThat(company.expected(3, MILLI)).isEqualTo(3);
    assertThat(company.patience()).isZero();
  }

  @Test
  void waitsNoLongerThanTwoMilliseconds() {
    company.left(10, 0);

    company.expected(0, 1_000 * MILLI);

    assertThat(company.patience()).isEqualTo(2 * MILLI);
  }

  @Test
  void waitsLessAndLessOftenWhereNobodyComes() {
    int waits = 0;
    for (int turn = 0; turn < 1_000; turn++) {
      company.left(10, 0);
      company.expected(0, MILLI);
      waits += company.patience() > 0 ? 1 : 0;
      company.came(false);
    }

    assertThat(waits).isBetween(10, 30);
  }

  @Test
  void waitsEachTimeOnceTheyComeAgain() {
    company.left(10, 0);
    company.expected(0, MILLI);
    company.came(false);
    company.left(10, 0);
    company.expected(0, MILLI);
    company.came(false);

    company.left(10, 0);
    company.expected(0, MILLI);
    assertThat(company.patience()).isPositive();
    company.came(true);
    company.left(10, 0);
    company.expected(0, MILLI);

    assertThat(company.patience()).isPositive();
  }
}
