package io.llmaccounting.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Which limits can be leased. */
class LeasedLimitTest {
  private static final Limit BUDGET = Limit.named("budget").cost(Cost.usd("100")).lifetime();

  @Test
  void aLeaseLastsFiveSecondsUnlessStated() {
    assertThat(BUDGET.isLeased()).isFalse();
    assertThat(BUDGET.leased().leaseTerm()).isEqualTo(Duration.ofSeconds(5));
    assertThat(BUDGET.leased(Duration.ofSeconds(2)).leaseTerm()).isEqualTo(Duration.ofSeconds(2));
    assertThat(BUDGET.leased().unleased()).isEqualTo(BUDGET);
    assertThat(BUDGET.leased().withMaximum(Cost.usd("5")).isLeased()).isTrue();
    assertThat(BUDGET.leased()).hasToString(BUDGET + ", leased PT5S");
  }

  @Test
  void whatCannotBeLeasedIsRefused() {
    refused("only warns", () -> BUDGET.warning().leased());
    refused("only warns", () -> BUDGET.leased().warning());
    refused("calls under way", () -> Limit.named("c").concurrentCalls(5).leased());
    refused("exemption", () -> Limit.named("e").unlimited(Metric.COST).leased());
    refused("from PT1S to PT1H", () -> BUDGET.leased(Duration.ofMillis(999)));
    refused("from PT1S to PT1H", () -> BUDGET.leased(Duration.ofMinutes(61)));
  }

  @Test
  void aWindowLastsTenTermsAtLeast() {
    LimitBuilder.Allowance five = Limit.named("five").requests(5);

    assertThat(five.rolling(Duration.ofSeconds(50)).leased().isLeased()).isTrue();
    refused("shorter than 10 terms", () -> five.rolling(Duration.ofSeconds(49)).leased());
    assertThat(five.calendar(1, CalendarUnit.MINUTE, ZoneOffset.UTC).leased().isLeased()).isTrue();
    refused(
        "shorter than 10 terms",
        () -> five.calendar(30, CalendarUnit.SECOND, ZoneOffset.UTC).leased());
    assertThat(five.rollingMonths(1).leased(Duration.ofHours(1)).isLeased()).isTrue();
    assertThat(
            five.calendar(1, CalendarUnit.DAY, ZoneOffset.UTC)
                .leased(Duration.ofHours(1))
                .isLeased())
        .isTrue();
  }

  private static void refused(String why, Runnable limit) {
    assertThatIllegalArgumentException().isThrownBy(limit::run).withMessageContaining(why);
  }
}
