package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** Reports that are cut by time: in every zone, and on the days on which clocks change. */
public abstract class ReportBucketContract extends BackendContract {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  final void theDayOnWhichSummerTimeBeginsHas23Hours() {
    LocalDate sunday = LocalDate.of(2026, 3, 29);
    recordEveryQuarterOfAnHour("2026-03-28T00:00:00Z", 3);

    List<ReportRow> days = days(sunday, BERLIN, TimeBucket.DAY);
    List<ReportRow> hours = days(sunday, BERLIN, TimeBucket.HOUR);

    assertThat(buckets(days))
        .containsExactly(TimeRange.between(sunday, sunday.plusDays(1), BERLIN));
    assertThat(calls(days)).containsExactly(4 * 23L);
    assertThat(hours).hasSize(23);
    assertThat(calls(hours)).containsOnly(4L);
  }

  @Test
  final void theDayOnWhichSummerTimeEndsHas25Hours() {
    LocalDate sunday = LocalDate.of(2026, 10, 25);
    recordEveryQuarterOfAnHour("2026-10-24T00:00:00Z", 3);

    List<ReportRow> hours = days(sunday, BERLIN, TimeBucket.HOUR);

    assertThat(calls(days(sunday, BERLIN, TimeBucket.DAY))).containsExactly(4 * 25L);
    assertThat(hours).hasSize(25);
    assertThat(calls(hours)).containsOnly(4L);
  }

  @Test
  final void anHourThatAHalfHourShiftCutsStaysCut() {
    ZoneId lordHowe = ZoneId.of("Australia/Lord_Howe");
    LocalDate sunday = LocalDate.of(2026, 4, 5);
    recordEveryQuarterOfAnHour("2026-04-03T00:00:00Z", 4);

    List<ReportRow> hours = days(sunday, lordHowe, TimeBucket.HOUR);

    assertThat(calls(days(sunday, lordHowe, TimeBucket.DAY))).containsExactly(98L);
    assertThat(calls(hours).stream().mapToLong(Long::longValue).sum()).isEqualTo(98);
    assertThat(buckets(hours)).isSortedAccordingTo((a, b) -> a.from().compareTo(b.from()));
    for (int i = 1; i < hours.size(); i++) {
      assertThat(bucket(hours.get(i)).from()).isEqualTo(bucket(hours.get(i - 1)).to());
    }
  }

  /** Scenario 17. */
  @Test
  final void theZoneOfTheMachineChangesNothing() {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      Usage usage = aCall().at(Instant.parse("2026-03-08T06:59:59.999999Z")).usage();
      record(usage);

      List<ReportRow> days = days(LocalDate.of(2026, 3, 8), ZoneId.of("UTC"), TimeBucket.DAY);

      assertThat(calls(days)).containsExactly(1L);
      assertThat(reopen().usage().find(usage.id()).orElseThrow().usage()).isEqualTo(usage);
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  final void weeksBeginOnMondayAndMonthsOnTheFirst() {
    recordEveryQuarterOfAnHour("2026-02-26T00:00:00Z", 5);
    TimeRange period =
        TimeRange.between(LocalDate.of(2026, 2, 1), LocalDate.of(2026, 4, 1), BERLIN);

    assertThat(buckets(report(period, BERLIN, TimeBucket.WEEK)))
        .containsExactly(
            TimeRange.between(LocalDate.of(2026, 2, 23), LocalDate.of(2026, 3, 2), BERLIN),
            TimeRange.between(LocalDate.of(2026, 3, 2), LocalDate.of(2026, 3, 9), BERLIN));
    assertThat(buckets(report(period, BERLIN, TimeBucket.MONTH)))
        .containsExactly(
            TimeRange.between(LocalDate.of(2026, 2, 1), LocalDate.of(2026, 3, 1), BERLIN),
            TimeRange.between(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 4, 1), BERLIN));
  }

  @Test
  final void bucketsAreCutToThePeriod() {
    Instant from = Instant.parse("2026-03-02T09:20:00.000001Z");
    Instant to = Instant.parse("2026-03-02T10:40:00.000002Z");
    record(
        aCall().at(from).usage(),
        aCall().at(Instant.parse("2026-03-02T10:00:00Z")).usage(),
        aCall().at(to).usage());

    List<ReportRow> hours = report(new TimeRange(from, to), BERLIN, TimeBucket.HOUR);

    Instant ten = Instant.parse("2026-03-02T10:00:00Z");
    assertThat(buckets(hours)).containsExactly(new TimeRange(from, ten), new TimeRange(ten, to));
    assertThat(calls(hours)).containsExactly(1L, 1L);
  }

  @Test
  final void rowsAreSortedByBucketFirst() {
    Instant early = Instant.parse("2026-03-02T09:00:00Z");
    Instant late = early.plus(Duration.ofDays(1));
    record(
        aCall().by("a").at(late).usage(),
        aCall().by("b").at(early).usage(),
        aCall().by("b").at(late).usage());

    List<ReportRow> rows =
        report(new TimeRange(early, late.plusSeconds(1)), BERLIN, TimeBucket.DAY, Dimension.USER);

    assertThat(rows.stream().map(row -> row.values().get(0))).containsExactly("b", "a", "b");
  }

  @Test
  final void daysAddUpToTheWeekInEveryZone() {
    recordEveryQuarterOfAnHour("2026-03-27T00:00:00Z", 12);
    for (String name :
        List.of("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Chatham")) {
      ZoneId zone = ZoneId.of(name);
      TimeRange week = TimeRange.between(LocalDate.of(2026, 3, 30), LocalDate.of(2026, 4, 6), zone);

      UsageTotals days =
          report(week, zone, TimeBucket.DAY).stream()
              .map(ReportRow::totals)
              .reduce(UsageTotals.ZERO, UsageTotals::plus);

      assertThat(report(week, zone, TimeBucket.WEEK)).as(name).hasSize(1);
      assertThat(days).as(name).isEqualTo(report(week, zone, TimeBucket.WEEK).get(0).totals());
    }
  }

  private void recordEveryQuarterOfAnHour(String from, int days) {
    Instant start = Instant.parse(from);
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < days * 96; i++) {
      calls.add(aCall().at(start.plus(Duration.ofMinutes(15L * i))).costing("0.01").usage());
    }
    record(backend(), calls);
  }

  private List<ReportRow> days(LocalDate day, ZoneId zone, TimeBucket bucket) {
    return report(TimeRange.between(day, day.plusDays(1), zone), zone, bucket);
  }

  private List<ReportRow> report(
      TimeRange period, ZoneId zone, TimeBucket bucket, Dimension... by) {
    return backend()
        .usage()
        .report(new ReportQuery(period, UsageFilter.all(), List.of(by), bucket, zone, false));
  }

  private static List<Long> calls(List<ReportRow> rows) {
    return rows.stream().map(row -> row.totals().calls()).toList();
  }

  private static List<TimeRange> buckets(List<ReportRow> rows) {
    return rows.stream().map(ReportBucketContract::bucket).toList();
  }

  private static TimeRange bucket(ReportRow row) {
    return Objects.requireNonNull(row.bucket());
  }
}
