package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Distribution;
import io.llmaccounting.usage.Distribution.Range;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageTotals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reports are the exact sums over the records, however they are served. */
public abstract class ReportContract extends BackendContract {
  private static final Instant START = ManualClock.START;
  private static final TimeRange HOUR = new TimeRange(START, START.plus(Duration.ofHours(1)));

  /** Scenario 40. */
  @Test
  final void sumsAndAveragesAreExact() {
    record(
        aCall().on("a").tokens(100, 50).costing("0.002").usage(),
        aCall().on("b").tokens(200, 100).costing("0.001").usage(),
        aCall().on("b").tokens(150, 75).costing("0.003").usage());

    UsageTotals all = only(report(HOUR));
    List<ReportRow> byModel = report(HOUR, Dimension.MODEL);

    assertThat(all.calls()).isEqualTo(3);
    assertThat(all.tokens().total()).isEqualTo(675);
    assertThat(all.cost()).isEqualTo(Cost.usd("0.006"));
    assertThat(all.averageTotalTokens()).contains(new BigDecimal("225.000000"));
    assertThat(all.averageCost()).contains(Cost.usd("0.002"));
    assertThat(byModel.stream().map(row -> row.values().get(0))).containsExactly("a", "b");
    assertThat(byModel.stream().map(row -> row.totals().cost()))
        .containsExactly(Cost.usd("0.002"), Cost.usd("0.004"));
  }

  /**
   * Scenario 40: where nothing matches there is no row, so that every sum over the rows is zero.
   */
  @Test
  final void anEmptyRangeHasNoRows() {
    record(aCall().at(HOUR.to()).usage());

    assertThat(report(HOUR)).isEmpty();
    assertThat(report(HOUR, Dimension.MODEL)).isEmpty();
    assertThat(
            backend()
                .usage()
                .report(
                    new ReportQuery(
                        HOUR, UsageFilter.all(), List.of(), null, ZoneOffset.UTC, true)))
        .isEmpty();
  }

  /** Scenario 6. */
  @Test
  final void tenTimesATenthIsOne() {
    for (int i = 0; i < 10; i++) {
      record(aCall().costing("0.1").usage());
    }

    assertThat(only(report(HOUR)).cost()).isEqualTo(Cost.usd("1"));
  }

  @Test
  final void aPeriodTakesItsStartAndLeavesItsEndToTheMicrosecond() {
    Instant from = START.plusNanos(7_000);
    Instant to = START.plus(Duration.ofDays(2)).plusNanos(9_000);
    record(
        aCall().at(from.minusNanos(1_000)).costing("1").usage(),
        aCall().at(from).costing("0.02").usage(),
        aCall().at(to.minusNanos(1_000)).costing("0.003").usage(),
        aCall().at(to).costing("1").usage());

    assertThat(only(report(new TimeRange(from, to))).cost()).isEqualTo(Cost.usd("0.023"));
  }

  /** Scenario 40. */
  @Test
  final void averagesIgnoreCallsWithoutAValue() {
    record(
        aCall().tokens(10, 2).costing("0.5").latency(Duration.ofMillis(100)).usage(),
        aCall().withoutTokens().usage());

    UsageTotals totals = only(report(HOUR));

    assertThat(totals.calls()).isEqualTo(2);
    assertThat(totals.missing()).isEqualTo(1);
    assertThat(totals.unpriced()).isEqualTo(1);
    assertThat(totals.averageInputTokens()).contains(new BigDecimal("10.000000"));
    assertThat(totals.averageCost()).contains(Cost.usd("0.5"));
    assertThat(totals.averageLatency()).contains(Duration.ofMillis(100));
    assertThat(totals.averageTimeToFirstToken()).isEmpty();
    assertThat(totals.localInput()).isEqualTo(UsageTotals.Sum.ZERO);
  }

  @Test
  final void theLargestCallsAddUpExactly() {
    long most = TokenUsage.MAX_PART;
    TokenUsage tokens = new TokenUsage(most, most, most, most, most, most, most, most, null);
    Usage[] calls = new Usage[100];
    Arrays.setAll(calls, i -> aCall().tokens(tokens).cost(Cost.MAX_PER_CALL).usage());
    record(calls);

    UsageTotals totals = only(report(HOUR));

    assertThat(totals.tokens().total()).isEqualTo(800 * most);
    assertThat(totals.cost()).isEqualTo(Cost.usd("100000000"));
  }

  @Test
  final void rowsAreSortedByTheirValuesWithAbsentOnesFirst() {
    List<String> names = Arrays.asList("b", null, "a", "B", "\u00e4", "ab", "a b", "Z", "a_");
    for (String name : names) {
      record(name == null ? aCall().usage() : aCall().by(name).session(name).usage());
    }

    List<String> expected = new ArrayList<>(names);
    expected.removeIf(Objects::isNull);
    Collections.sort(expected);
    expected.add(0, null);
    assertThat(values(report(HOUR, Dimension.USER))).isEqualTo(expected);
    assertThat(values(report(HOUR, Dimension.SESSION))).isEqualTo(expected);
  }

  @Test
  final void distributionShowsExtremesAndNearestRanks() {
    for (int millis = 1; millis <= 10; millis++) {
      record(
          aCall()
              .tokens(millis, 2L * millis)
              .cost(Cost.ofNanos(millis))
              .latency(Duration.ofMillis(millis))
              .usage());
    }
    record(aCall().withoutTokens().usage());

    Distribution distribution = distribution();

    assertThat(distribution.inputTokens()).isEqualTo(new Range(1, 10));
    assertThat(distribution.outputTokens()).isEqualTo(new Range(2, 20));
    assertThat(distribution.totalTokens()).isEqualTo(new Range(3, 30));
    assertThat(distribution.costNanos()).isEqualTo(new Range(1, 10));
    assertThat(distribution.latencyMicros()).isEqualTo(new Range(1_000, 10_000));
    assertThat(distribution.latencyPercentiles())
        .isEqualTo(Map.of(50, 5_000L, 90, 9_000L, 95, 10_000L, 99, 10_000L));
  }

  @Test
  final void distributionIsEmptyWhereNoCallHasAValue() {
    record(aCall().withoutTokens().usage());

    assertThat(distribution()).isEqualTo(new Distribution(null, null, null, null, null, Map.of()));
  }

  @Test
  final void distributionIsLeftOutUnlessAskedFor() {
    record(aCall().latency(Duration.ofMillis(1)).usage());

    assertThat(report(HOUR).get(0).distribution()).isNull();
  }

  @Test
  final void anyReportIsTheSumOverTheRecords() {
    for (long seed : new long[] {1, 2, 3}) {
      RandomCalls chance = new RandomCalls(seed);
      List<Usage> calls = chance.calls(200);
      clock.set("2026-04-03T00:00:00Z");
      recordInPieces(calls, new Random(seed));
      List<Usage> known = everythingStored();

      for (int i = 0; i < 40; i++) {
        ReportQuery query = chance.query();
        assertThat(byKey(backend().usage().report(query)))
            .as("seed %d, report %d: %s", seed, i, query)
            .isEqualTo(ReportReference.of(known, query));
      }
    }
  }

  /** Repeats some of the calls, which must not count again. */
  private void recordInPieces(List<Usage> calls, Random random) {
    for (int at = 0; at < calls.size(); ) {
      int end = Math.min(calls.size(), at + 1 + random.nextInt(60));
      record(backend(), calls.subList(Math.max(0, at - random.nextInt(5)), end));
      at = end;
    }
  }

  private List<Usage> everythingStored() {
    List<Usage> known = new ArrayList<>();
    backend().usage().scan(TimeRange.always(), UsageFilter.all(), read -> known.add(read.usage()));
    return known;
  }

  private static Map<List<Object>, UsageTotals> byKey(List<ReportRow> rows) {
    Map<List<Object>, UsageTotals> byKey = new HashMap<>();
    for (ReportRow row : rows) {
      assertThat(byKey.put(ReportReference.key(row.bucket(), row.values()), row.totals()))
          .as("each row is there once, but twice was %s", row)
          .isNull();
    }
    return byKey;
  }

  private Distribution distribution() {
    ReportQuery query =
        new ReportQuery(HOUR, UsageFilter.all(), List.of(), null, ZoneOffset.UTC, true);
    return Objects.requireNonNull(backend().usage().report(query).get(0).distribution());
  }

  private List<ReportRow> report(TimeRange period, Dimension... by) {
    return backend()
        .usage()
        .report(
            new ReportQuery(period, UsageFilter.all(), List.of(by), null, ZoneOffset.UTC, false));
  }

  private static UsageTotals only(List<ReportRow> rows) {
    assertThat(rows).hasSize(1);
    return rows.get(0).totals();
  }

  private static List<String> values(List<ReportRow> rows) {
    return rows.stream().map(row -> row.values().get(0)).toList();
  }
}
