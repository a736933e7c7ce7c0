package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTotalsTest {
  private static final Instant NOON = Instant.parse("2026-03-15T12:00:00Z");

  private static UsageTotals of(UsageBuilder call) {
    return UsageTotals.of(new RecordedUsage(call.build(), NOON, NOON, false, null));
  }

  private static UsageBuilder aCall() {
    return new UsageBuilder(NOON, UsageId::floor).model("m");
  }

  /** Scenario 40: averages ignore calls without a value. */
  @Test
  void averageOnlyWhatIsKnown() {
    UsageTotals totals =
        of(aCall().inputTokens(100).outputTokens(50).cost(Cost.usd("0.002")))
            .plus(of(aCall().inputTokens(200).outputTokens(100).cost(Cost.usd("0.001"))))
            .plus(of(aCall().failed("e", "x").latency(Duration.ofMillis(10))))
            .plus(of(aCall().outcome(Outcome.CANCELLED).timeToFirstToken(Duration.ofMillis(4))));

    assertThat(totals.calls()).isEqualTo(4);
    assertThat(totals.succeeded()).isEqualTo(2);
    assertThat(totals.missing()).isEqualTo(2);
    assertThat(totals.unpriced()).isEqualTo(2);
    assertThat(totals.averageInputTokens().orElseThrow()).isEqualByComparingTo("150");
    assertThat(totals.averageOutputTokens().orElseThrow()).isEqualByComparingTo("75");
    assertThat(totals.averageTotalTokens().orElseThrow()).isEqualByComparingTo("225");
    assertThat(totals.averageCost()).contains(Cost.usd("0.0015"));
    assertThat(totals.averageLatency()).contains(Duration.ofMillis(10));
    assertThat(totals.averageTimeToFirstToken()).contains(Duration.ofMillis(4));
  }

  @Test
  void ofNothingAreZeroAndHaveNoAverage() {
    assertThat(UsageTotals.ZERO.averageCost()).isEmpty();
    assertThat(UsageTotals.ZERO.averageInputTokens()).isEmpty();
    assertThat(UsageTotals.ZERO.cost()).isEqualTo(Cost.ZERO);
  }

  @Test
  void rankRowsByAnyMeasure() {
    ReportRow small = new ReportRow(Arrays.asList("a"), null, of(aCall().inputTokens(1)), null);
    ReportRow large = new ReportRow(Arrays.asList("b"), null, of(aCall().inputTokens(9)), null);
    ReportQuery query =
        new ReportQuery(
            TimeRange.always(),
            UsageFilter.all(),
            List.of(Dimension.USER),
            null,
            ZoneOffset.UTC,
            false);
    UsageReport report =
        new UsageReport(query, List.of(small, large), UsageTotals.ZERO, Instant.EPOCH);

    assertThat(report.top(1, totals -> totals.tokens().input())).containsExactly(large);
    assertThat(report.isCutByPurge()).isFalse();
    assertThat(report.value(large, Dimension.USER)).contains("b");
    assertThatThrownBy(() -> report.value(large, Dimension.MODEL)).hasMessageContaining("model");
  }
}
