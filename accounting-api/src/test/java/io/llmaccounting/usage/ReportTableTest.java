package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("faults D5: a report prints as a table")
class ReportTableTest {
  private static final Instant MARCH = Instant.parse("2026-02-28T23:00:00Z");
  private static final TimeRange PERIOD = new TimeRange(MARCH, MARCH.plusSeconds(86_400));

  private static UsageTotals totals(long input, @Nullable Cost cost) {
    Usage usage = call(input, cost);
    return UsageTotals.of(new RecordedUsage(usage, MARCH, MARCH, false, null));
  }

  private static Usage call(long input, @Nullable Cost cost) {
    UsageBuilder call = Usage.of("m", MARCH).inputTokens(input).outputTokens(7);
    return cost == null ? call.build() : call.cost(cost).build();
  }

  private static ReportRow row(@Nullable TimeRange bucket, UsageTotals totals, String... values) {
    return new ReportRow(Arrays.asList(values), bucket, totals, null);
  }

  private static ReportQuery by(@Nullable TimeBucket bucket, Dimension... dimensions) {
    return new ReportQuery(
        PERIOD, UsageFilter.all(), List.of(dimensions), bucket, ZoneId.of("Europe/Berlin"), false);
  }

  @Test
  void linesUpAndSaysWhatIsUnknown() {
    UsageTotals priced = totals(12_345, Cost.usd("0.25"));
    UsageTotals unpriced = totals(1, null);
    UsageReport report =
        new UsageReport(
            by(null, Dimension.PROJECT, Dimension.MODEL),
            List.of(
                row(null, unpriced, null, "m"), row(null, priced, "search", "evil\n\u001b[31m")),
            priced.plus(unpriced),
            Instant.EPOCH);

    assertThat(report.table().lines())
        .containsExactly(
            "project  model       calls   input  cached  output  cost",
            "(none)   m               1       1       0       7  unknown (1 unpriced)",
            "search   evil??[31m      1  12,345       0       7  $0.25",
            "total                    2  12,346       0      14  $0.25 + 1 unpriced");
  }

  @Test
  void tokensThatNobodyKnowsAreNotZeroAndAPartialCostIsALeast() {
    UsageTotals told = totals(5, Cost.usd("0.25"));
    UsageTotals untold =
        UsageTotals.of(
            new RecordedUsage(
                Usage.of("m", MARCH).cost(Cost.ZERO).build(), MARCH, MARCH, false, null));
    UsageReport report =
        new UsageReport(
            by(null, Dimension.MODEL),
            List.of(row(null, untold, "a"), row(null, least(told), "b")),
            untold.plus(least(told)),
            Instant.EPOCH);

    assertThat(report.table().lines())
        .containsExactly(
            "model  calls  input  cached  output  cost",
            "a          1      -       -       -  $0.00",
            "b          1      5       0       7  >=$0.25",
            "total      2    >=5     >=0     >=7  >=$0.25",
            "1 call with unknown tokens (- all, >= some); 1 call with a part without a price"
                + " (>=)");
  }

  @Test
  void tokensOfACallThatWasCutOffAreALeast() {
    UsageTotals whole = totals(5, Cost.usd("0.25"));
    UsageTotals cut =
        UsageTotals.of(
            new RecordedUsage(
                Usage.of("m", MARCH)
                    .tokens(TokenUsage.of(3, 2))
                    .source(TokenSource.PARTIAL)
                    .cost(Cost.ZERO)
                    .build(),
                MARCH,
                MARCH,
                false,
                null));
    UsageReport report =
        new UsageReport(
            by(null, Dimension.MODEL),
            List.of(row(null, cut, "a"), row(null, whole, "b")),
            cut.plus(whole),
            Instant.EPOCH);

    assertThat(report.table().lines())
        .containsExactly(
            "model  calls  input  cached  output  cost",
            "a          1    >=3     >=0     >=2  $0.00",
            "b          1      5       0       7  $0.25",
            "total      2    >=8     >=0     >=9  $0.25",
            "1 call cut off (>=)");
  }

  /** The same, of which a component of one call had no price. */
  private static UsageTotals least(UsageTotals of) {
    return new UsageTotals(
        of.calls(),
        of.failed(),
        of.cancelled(),
        of.unfinished(),
        of.estimated(),
        of.partial(),
        of.missing(),
        of.unpriced(),
        of.tokens(),
        of.cost(),
        of.localInput(),
        of.localOutput(),
        of.latency(),
        of.timeToFirstToken(),
        1,
        of.reportedCost(),
        of.costDifference());
  }

  @Test
  void showsBucketsInTheZoneOfTheQuery() {
    UsageTotals one = totals(1, Cost.ZERO);
    UsageReport report =
        new UsageReport(by(TimeBucket.DAY), List.of(row(PERIOD, one)), one, Instant.EPOCH);

    assertThat(report.table().lines())
        .containsExactly(
            "from                    calls  input  cached  output  cost",
            "2026-03-01T00:00+01:00      1      1       0       7  $0.00",
            "total                       1      1       0       7  $0.00");
  }

  @Test
  void hasATotalWithoutRows() {
    UsageReport report = new UsageReport(by(null), List.of(), UsageTotals.ZERO, Instant.EPOCH);

    assertThat(report.table().lines())
        .containsExactly(
            "       calls  input  cached  output  cost",
            "total      0      0       0       0  $0.00");
  }
}
