package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A report may be read slice after slice while others write: what was recorded before it and is
 * left alone counts exactly, and what changes meanwhile counts once, as before or as after.
 */
public abstract class ReportSlicesContract extends BackendContract {
  private static final Instant START = ManualClock.START.minus(Duration.ofDays(3));
  private static final Instant MIDDLE = START.plus(Duration.ofDays(1)).plus(Duration.ofHours(12));
  private static final TimeRange PERIOD =
      new TimeRange(START.plus(Duration.ofMinutes(7)), ManualClock.START);
  private static final int CALLS = 60;
  private static final int CHANGES = 8;

  private final List<Usage> calls = new ArrayList<>();
  private int changes;

  /**
   * Reads the same storage in slices as small as can be, running {@code between} whenever one has
   * been read; by default as {@code backend} itself reads it.
   */
  protected UsageStore reading(UsageBackend backend, Runnable between) {
    return backend.usage();
  }

  /** faults C2. */
  @Test
  final void whatWasRecordedBeforeIsExactWhileMoreIsRecorded() {
    recordTheCalls();
    for (ReportQuery query : queries()) {
      List<ReportRow> before = ofTheOld(backend().usage().report(query));
      changes = 0;

      List<ReportRow> meanwhile = ofTheOld(report(query, this::recordMore));

      assertThat(before).as("%s", query).isNotEmpty();
      assertThat(meanwhile).as("%s", query).isEqualTo(before);
    }
  }

  /** faults C2: a record is corrected between two slices. */
  @Test
  final void whatIsCorrectedMeanwhileCountsOnceAndWhole() {
    recordTheCalls();
    for (ReportQuery query : queries()) {
      long counted = sum(backend().usage().report(query)).calls();

      UsageTotals meanwhile = sum(report(query, () -> price(calls.get((changes * 7) % CALLS))));

      assertThat(meanwhile.calls()).as("%s", query).isEqualTo(counted);
      assertThat(meanwhile.unpriced() + meanwhile.cost().nanos())
          .as("%s", query)
          .isEqualTo(counted);
    }
  }

  /** faults C2: a name is replaced between two slices. */
  @Test
  final void whatIsRenamedMeanwhileCountsUnderOneOfItsNames() {
    recordTheCalls();
    for (ReportQuery query : queries()) {
      UsageTotals before = sum(backend().usage().report(query));
      changes = 0;
      boolean forth =
          backend()
                  .usage()
                  .latest(UsageQuery.latest(1).only(UsageFilter.all().user("alice")))
                  .size()
              == 1;

      List<ReportRow> meanwhile =
          report(query, () -> rename(forth ? "alice" : "somebody", forth ? "somebody" : "alice"));

      assertThat(sum(meanwhile)).as("%s", query).isEqualTo(before);
    }
  }

  /** faults C2: records are purged between two slices. */
  @Test
  final void whatIsNotPurgedMeanwhileIsExact() {
    recordTheCalls();
    ReportQuery ofRecords = query(List.of(Dimension.SESSION), TimeBucket.HOUR, false);
    ReportQuery ofRollups =
        new ReportQuery(
            TimeRange.always(),
            UsageFilter.all(),
            List.of(Dimension.PROJECT),
            null,
            ZoneOffset.UTC,
            false);
    List<ReportRow> kept = since(MIDDLE, backend().usage().report(ofRecords));
    List<ReportRow> all = backend().usage().report(ofRollups);
    PlainCarrier.moveHorizon(backend(), MIDDLE);

    assertThat(since(MIDDLE, report(ofRecords, this::purge))).isNotEmpty().isEqualTo(kept);
    assertThat(report(ofRollups, this::purge)).isEqualTo(all);
  }

  private List<ReportRow> report(ReportQuery query, Runnable change) {
    changes = 0;
    Runnable some =
        () -> {
          if (changes < CHANGES) {
            changes++;
            change.run();
          }
        };
    return reading(backend(), some).report(query);
  }

  private static List<ReportQuery> queries() {
    return List.of(
        query(List.of(Dimension.PROJECT), null, false),
        query(List.of(Dimension.PROJECT, Dimension.USER), TimeBucket.DAY, false),
        query(List.of(Dimension.PROJECT, Dimension.SESSION), null, false),
        query(List.of(Dimension.PROJECT, Dimension.OPERATION), TimeBucket.HOUR, false),
        query(List.of(Dimension.PROJECT), null, true),
        query(List.of(Dimension.PROJECT), TimeBucket.DAY, true));
  }

  private static ReportQuery query(
      List<Dimension> by, @Nullable TimeBucket bucket, boolean distribution) {
    return new ReportQuery(PERIOD, UsageFilter.all(), by, bucket, ZoneOffset.UTC, distribution);
  }

  private void recordTheCalls() {
    Duration apart = Duration.between(START, ManualClock.START).dividedBy(CALLS);
    for (int i = 0; i < CALLS; i++) {
      calls.add(
          aCall()
              .in("old")
              .by(i % 3 == 0 ? "bob" : "alice")
              .session("s" + i % 5)
              .latency(Duration.ofMillis(10L + i * 37 % CALLS))
              .at(START.plus(apart.multipliedBy(i)))
              .usage());
    }
    record(backend(), calls);
  }

  private void recordMore() {
    for (Instant at :
        List.of(PERIOD.from(), MIDDLE.plusMillis(changes), PERIOD.to().minusMillis(1))) {
      record(aCall().in("new").by("alice").latency(Duration.ofMillis(1)).at(at).usage());
    }
  }

  private void price(Usage usage) {
    LedgerBatch batch =
        new LedgerBatch(
            backend().limits().revision(), new TreeSet<>(), Set.of(), Set.of(), Set.of(usage.id()));
    PricedCost price = new PricedCost(Cost.ofNanos(1), "test");
    transact(
        backend(),
        batch,
        view ->
            new LedgerWrites(
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(
                    Adjustment.ofCost(
                        Objects.requireNonNull(view.records().get(usage.id())), price))));
  }

  private void rename(String from, String to) {
    backend()
        .maintenance()
        .renaming()
        .renameRecords(new NameChange(from, to, subject -> subject, text -> text), null, 5);
  }

  private void purge() {
    backend()
        .maintenance()
        .retention()
        .removeUsage(new PurgeSlice(MIDDLE, UsageFilter.all(), null, 3), new PlainCarrier());
  }

  private static List<ReportRow> ofTheOld(List<ReportRow> rows) {
    return rows.stream().filter(row -> "old".equals(row.values().get(0))).toList();
  }

  private static List<ReportRow> since(Instant from, List<ReportRow> rows) {
    return rows.stream()
        .filter(row -> !Objects.requireNonNull(row.bucket()).from().isBefore(from))
        .toList();
  }

  private static UsageTotals sum(List<ReportRow> rows) {
    return rows.stream().map(ReportRow::totals).reduce(UsageTotals.ZERO, UsageTotals::plus);
  }
}
