package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A store proves that what it derives agrees with its records, and repairs it. */
public abstract class MaintenanceContract extends BackendContract {
  private static final Instant START = ManualClock.START;

  @Test
  final void anEmptyStoreAgreesWithItself() {
    assertThat(maintenance().compareRollups()).isEmpty();
  }

  @Test
  final void rollupsAgreeAfterAnyWork() {
    clock.set("2026-04-03T00:00:00Z");
    for (long seed : new long[] {11, 12}) {
      List<Usage> calls = new RandomCalls(seed).calls(150);
      record(backend(), calls.subList(0, 100));
      record(backend(), calls.subList(50, 150));
    }

    assertThat(maintenance().compareRollups()).isEmpty();
  }

  @Test
  final void rollupsAgreeAfterManyThreadsOfTwoInstances() {
    clock.set("2026-04-03T00:00:00Z");
    List<UsageBackend> instances = List.of(backend(), another());
    List<Usage> calls = new RandomCalls(13).calls(100);

    ParallelRun.of(
        4,
        thread ->
            () -> {
              for (int i = 0; i < 100; i += 10) {
                int from = (i + 30 * thread) % 100;
                record(instances.get(thread % 2), calls.subList(from, from + 10));
              }
              return true;
            });

    assertThat(maintenance().compareRollups()).isEmpty();
  }

  @Test
  final void rebuiltRollupsReportTheSame() {
    clock.set("2026-04-03T00:00:00Z");
    record(backend(), new RandomCalls(14).calls(200));
    List<ReportRow> before = report();

    maintenance().rebuildRollups();

    assertThat(report()).isEqualTo(before);
    assertThat(maintenance().compareRollups()).isEmpty();
    record(aCall().at(Instant.parse("2026-03-26T09:00:00Z")).usage());
    assertThat(maintenance().compareRollups()).isEmpty();
  }

  @Test
  final void inspectionShowsEverything() {
    CounterKey counter = aCounter("c");
    HoldRecord hold = Holds.on(counter);
    transact(backend(), Set.of(counter), Counts.addOne());
    transact(backend(), Set.of(), view -> Holds.writing(hold));
    clock.set(START.plusSeconds(60));

    maintenance()
        .inspect(
            view -> {
              assertThat(view.now()).isEqualTo(clock.instant());
              assertThat(view.limits()).isEqualTo(backend().limits().load().limits());
              assertThat(view.counters()).isEqualTo(Map.of(counter, Counts.of(1)));
              assertThat(view.holds()).containsExactly(hold);
              return true;
            });
  }

  @Test
  final void inspectionReadsRecordsFromAnInstantOfCharging() {
    Usage early = aCall().at(START.minusNanos(1_000)).usage();
    Usage onTime = aCall().at(START).usage();
    record(early, onTime);

    assertThat(chargedFrom(START)).containsExactly(PlainDecider.stamped(onTime, START));
    assertThat(chargedFrom(Instant.EPOCH)).hasSize(2);
    assertThat(chargedFrom(START.plusNanos(1_000))).isEmpty();
  }

  @Test
  final void inspectionDoesNotSeeWhatIsWrittenMeanwhile() {
    CounterKey counter = aCounter("c");
    UsageBackend other = another();

    List<RecordedUsage> seen =
        maintenance()
            .inspect(
                view -> {
                  int before = scan(view, Instant.EPOCH).size() + view.counters().size();
                  record(other, List.of(aCall().usage()));
                  transact(other, Set.of(counter), Counts.addOne());
                  assertThat(before + view.counters().size()).isZero();
                  return scan(view, Instant.EPOCH);
                });

    assertThat(seen).isEmpty();
    assertThat(other.usage().latest(UsageQuery.latest(9))).hasSize(1);
  }

  @Test
  final void whatTheReaderThrowsReachesTheCaller() {
    IllegalStateException bug = new IllegalStateException("a bug in the reader");

    for (int i = 0; i < 30; i++) {
      assertThat(
              catchThrowable(
                  () ->
                      maintenance()
                          .inspect(
                              view -> {
                                throw bug;
                              })))
          .isSameAs(bug);
    }
    assertThat(record(aCall().usage()).fresh()).hasSize(1);
  }

  @Test
  final void rebuiltCountersReplaceAllOthers() {
    StoredLimit limit = save(Limit.named("l").eachUser().requests(1).lifetime());
    CounterKey wrong = new CounterKey(limit.id(), "user=wrong");
    CounterKey right = new CounterKey(limit.id(), "user=right");
    transact(backend(), Set.of(wrong), Counts.addOne());
    record(aCall().usage());

    maintenance()
        .rebuildCounters(view -> Map.of(right, Counts.of(scan(view, Instant.EPOCH).size())));

    assertThat(counters()).isEqualTo(Map.of(right, Counts.of(1)));
  }

  @Test
  final void countersStayWhereTheirRebuildThrows() {
    CounterKey counter = aCounter("c");
    transact(backend(), Set.of(counter), Counts.addOne());
    IllegalStateException bug = new IllegalStateException("a bug in the rebuild");

    Throwable thrown =
        catchThrowable(
            () ->
                maintenance()
                    .rebuildCounters(
                        view -> {
                          throw bug;
                        }));

    assertThat(thrown).isSameAs(bug);
    assertThat(counters()).isEqualTo(Map.of(counter, Counts.of(1)));
  }

  @Test
  final void noBookingIsLostWhileCountersAreRebuilt() {
    CounterKey counter = aCounter("c");
    List<UsageBackend> instances = List.of(backend(), another(), another());

    ParallelRun.of(
        5,
        thread ->
            () -> {
              for (int i = 0; i < 20; i++) {
                if (thread == 4) {
                  instances
                      .get(2)
                      .maintenance()
                      .rebuildCounters(
                          view -> Map.of(counter, Counts.of(scan(view, Instant.EPOCH).size())));
                } else {
                  UsageBackend mine = instances.get(thread % 2);
                  mine.ledger()
                      .transact(
                          batch(mine, counter),
                          new PlainDecider(List.of(aCall().usage()), Counts.addOne()));
                }
              }
              return true;
            });

    assertThat(counters()).isEqualTo(Map.of(counter, Counts.of(80)));
  }

  private static List<RecordedUsage> scan(LedgerSnapshot view, Instant from) {
    List<RecordedUsage> records = new ArrayList<>();
    view.scan(from, records::add);
    return records;
  }

  private List<RecordedUsage> chargedFrom(Instant from) {
    return maintenance().inspect(view -> scan(view, from));
  }

  private Map<CounterKey, CounterState> counters() {
    return maintenance().inspect(view -> Map.copyOf(view.counters()));
  }

  private List<ReportRow> report() {
    return backend()
        .usage()
        .report(
            new ReportQuery(
                TimeRange.always(),
                UsageFilter.all(),
                List.of(Dimension.PROJECT, Dimension.USER),
                TimeBucket.DAY,
                ZoneId.of("Europe/Berlin"),
                false));
  }

  private Maintenance maintenance() {
    return backend().maintenance();
  }
}
