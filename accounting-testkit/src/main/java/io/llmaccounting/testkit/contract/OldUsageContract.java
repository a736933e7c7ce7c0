package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static io.llmaccounting.testkit.UsageFixtures.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.Retention.Leftover;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.TooOld;
import io.llmaccounting.backend.UsageBackend;
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
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is left of purged usage: the horizon, keys, rollups; and other things that grow old. */
public abstract class OldUsageContract extends BackendContract {
  private static final Instant HORIZON = ManualClock.START;
  private static final Instant OLD = HORIZON.minus(Duration.ofDays(1));
  private static final int ALL = 1_000;

  @Test
  final void aCallBehindTheHorizonIsNotStored() {
    Usage usage = aCall().at(HORIZON.minusNanos(1_000)).usage();
    PlainCarrier.moveHorizon(backend(), HORIZON);

    StoredRecords stored = record(usage, aCall().at(HORIZON).usage());

    assertThat(stored.tooOld())
        .isEqualTo(Map.of(usage.id(), new TooOld(usage.id(), HORIZON, false)));
    assertThat(stored.fresh()).hasSize(1);
    assertThat(backend().usage().find(usage.id())).isEmpty();
  }

  @Test
  final void aCallBehindTheHorizonThatIsStillThereIsARepetition() {
    Usage usage = aCall().key("k").at(OLD).usage();
    record(usage);
    PlainCarrier.moveHorizon(backend(), HORIZON);

    assertThat(record(usage).twins()).containsOnlyKeys(usage.id());
    Usage sameKey = aCall().key("k").at(HORIZON).usage();
    assertThat(record(sameKey).twins()).containsOnlyKeys(sameKey.id());
  }

  @Test
  final void theKeyOfAPurgedCallIsRefusedAndItsContentRemembered() {
    Usage purged = aCall().key("k").in("search").by("alice").at(OLD).usage();
    record(purged);
    purge();
    Usage same = aCall().key("k").in("search").by("alice").at(HORIZON).usage();
    Usage other = aCall().key("k").in("search").by("bob").at(HORIZON).usage();
    Usage elsewhere = aCall().key("k").at(HORIZON).usage();

    assertThat(record(same).tooOld())
        .isEqualTo(Map.of(same.id(), new TooOld(purged.id(), HORIZON, true)));
    assertThat(record(other).tooOld())
        .isEqualTo(Map.of(other.id(), new TooOld(purged.id(), HORIZON, false)));
    assertThat(record(purged).tooOld())
        .isEqualTo(Map.of(purged.id(), new TooOld(purged.id(), HORIZON, true)));
    assertThat(record(elsewhere).fresh()).hasSize(1);
  }

  @Test
  final void whatIsForcedIsStoredAndTakesTheKeyOver() {
    record(aCall().key("k").at(OLD).usage());
    purge();
    Usage forced = aCall().key("k").costing("2").at(OLD).usage();

    assertThat(force(backend(), forced).fresh()).containsExactly(forced.id());

    assertThat(backend().usage().findByKey(null, "k").map(RecordedUsage::usage)).contains(forced);
    assertThat(force(backend(), forced).twins()).containsOnlyKeys(forced.id());
    assertThat(backend().maintenance().compareRollups()).isEmpty();
  }

  /** What is stored while the horizon moves is stored before it has moved, or not at all. */
  @Test
  final void nothingOldIsStoredOnceTheHorizonHasMoved() {
    UsageBackend other = another();

    List<Integer> stored =
        ParallelRun.of(
            5,
            thread ->
                () -> {
                  int fresh = 0;
                  for (int i = 0; i < 20; i++) {
                    if (thread == 4 && i == 10) {
                      PlainCarrier.moveHorizon(backend(), HORIZON);
                      int before = count(backend());
                      assertThat(count(other)).isEqualTo(before);
                    } else if (thread < 4) {
                      UsageBackend mine = thread % 2 == 0 ? backend() : other;
                      fresh += record(mine, List.of(aCall().at(OLD).usage())).fresh().size();
                    }
                  }
                  return fresh;
                });

    assertThat(count(backend())).isEqualTo(stored.stream().mapToInt(Integer::intValue).sum());
    assertThat(record(aCall().at(OLD).usage()).tooOld()).hasSize(1);
  }

  @Test
  final void reportsThatRollupsAnswerStayAsTheyWere() {
    clock.set("2026-04-03T00:00:00Z");
    record(backend(), new RandomCalls(21).calls(150));
    List<ReportRow> days = report(TimeBucket.DAY, Dimension.PROJECT, Dimension.USER);
    List<ReportRow> hours = report(TimeBucket.HOUR, Dimension.MODEL);
    Instant horizon = Instant.parse("2026-04-01T00:15:00Z");

    retention()
        .removeUsage(new PurgeSlice(horizon, UsageFilter.all(), null, ALL), new PlainCarrier());

    assertThat(count(backend())).isLessThan(150);
    assertThat(report(TimeBucket.DAY, Dimension.PROJECT, Dimension.USER)).isEqualTo(days);
    assertThat(report(TimeBucket.HOUR, Dimension.MODEL)).isEqualTo(hours);
    assertThat(backend().maintenance().compareRollups()).isEmpty();
    backend().maintenance().rebuildRollups();
    assertThat(report(TimeBucket.HOUR, Dimension.MODEL)).isEqualTo(hours);
  }

  @Test
  final void keysOfPurgedCallsLeaveAndOthersStay() {
    record(aCall().key("a").at(OLD).usage(), aCall().key("b").at(OLD).usage());
    purge();
    force(backend(), aCall().key("still there").at(OLD).usage());
    record(aCall().key("young").at(HORIZON).usage());

    assertThat(retention().count(Leftover.KEYS, HORIZON)).isEqualTo(3);
    assertThat(retention().remove(Leftover.KEYS, HORIZON, 1)).isEqualTo(1);
    assertThat(retention().remove(Leftover.KEYS, HORIZON, ALL)).isEqualTo(1);

    assertThat(backend().usage().findByKey(null, "still there")).isPresent();
    assertThat(backend().usage().findByKey(null, "young")).isPresent();
    assertThat(record(aCall().key("a").at(HORIZON).usage()).fresh()).hasSize(1);
  }

  @Test
  final void rollupsLeaveByAge() {
    record(
        aCall().at(OLD.minus(Duration.ofDays(2))).costing("1").usage(),
        aCall().at(HORIZON).costing("2").usage());
    purge();
    Instant day = Instant.parse("2026-03-02T00:00:00Z");

    long rows = retention().count(Leftover.ROLLUPS, day);

    assertThat(rows).isPositive();
    assertThat(retention().remove(Leftover.ROLLUPS, day, ALL)).isEqualTo(rows);
    assertThat(report(TimeBucket.MONTH)).hasSize(1);
    assertThat(backend().maintenance().compareRollups()).isEmpty();
  }

  @Test
  final void whatLiesAfterTheHorizonKeepsItsKeysAndRollups() {
    for (Leftover what : List.of(Leftover.KEYS, Leftover.ROLLUPS)) {
      BackendException refusal =
          catchThrowableOfType(
              BackendException.class, () -> retention().remove(what, HORIZON, ALL));
      assertThat(refusal.kind()).isEqualTo(BackendException.Kind.REJECTED);
    }
  }

  @Test
  final void denialsAndDeliveredAlertsLeaveByAge() {
    UUID delivered = newId(OLD);
    transact(
        backend(),
        Set.of(),
        view ->
            Holds.firing(
                Holds.alert(delivered, OLD),
                Holds.alert(newId(OLD), OLD),
                Holds.alert(newId(HORIZON), HORIZON)));
    backend().ledger().markDelivered(Set.of(delivered));
    transact(
        backend(),
        Set.of(),
        view -> Holds.denying(Holds.denial("a", OLD, 3), Holds.denial("a", HORIZON, 1)));

    assertThat(retention().remove(Leftover.DELIVERED_ALERTS, HORIZON, ALL)).isEqualTo(1);
    assertThat(retention().count(Leftover.DENIALS, HORIZON)).isEqualTo(1);
    assertThat(retention().remove(Leftover.DENIALS, HORIZON, ALL)).isEqualTo(1);

    assertThat(backend().ledger().alerts(false)).hasSize(2);
    assertThat(backend().ledger().denials(TimeRange.always())).hasSize(1);
  }

  private Retention retention() {
    return backend().maintenance().retention();
  }

  /** Removes everything before the horizon. */
  private void purge() {
    retention()
        .removeUsage(new PurgeSlice(HORIZON, UsageFilter.all(), null, ALL), new PlainCarrier());
  }

  private static StoredRecords force(UsageBackend backend, Usage usage) {
    PlainDecider decider = new PlainDecider(List.of(usage), view -> LedgerWrites.NONE).storingOld();
    backend.ledger().transact(batch(backend), decider);
    return decider.stored();
  }

  private static int count(UsageBackend backend) {
    return backend.usage().latest(UsageQuery.latest(ALL)).size();
  }

  private List<ReportRow> report(TimeBucket bucket, Dimension... by) {
    return backend()
        .usage()
        .report(
            new ReportQuery(
                TimeRange.always(), UsageFilter.all(), List.of(by), bucket, ZoneOffset.UTC, false));
  }
}
