package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.BulkReceipt;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.retention.PurgeKind;
import io.llmaccounting.retention.PurgeReport;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTooOldException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Usage is purged; what was counted stays counted, and nothing is counted a second time. */
public class PurgeAcceptance extends AcceptanceTest {
  private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");

  private List<Usage> january(int count) {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(
          aCall()
              .in("p" + i % 2)
              .by("u" + i % 3)
              .costing("0.000000001")
              .at(JANUARY.plusSeconds(7_000L * i))
              .usage());
    }
    accounting().trackAll(calls);
    return calls;
  }

  /** Scenario 41. */
  @Test
  final void purgingAMonthChangesNoTotalAndNothingElse() {
    save(Limit.named("daily").requests(9).calendar(1, CalendarUnit.DAY, UTC));
    accounting().directory().add(DirectoryEntry.user("u1"));
    january(300);
    track(aCall().in("p0").costing("1"));
    List<AuditEntry> audit = accounting().audit().find(AuditQuery.latest(99));
    UsageReport before = months();
    clock.advance(ofMinutes(1));

    PurgeReport purged = accounting().admin().purge(FEBRUARY).run();

    assertThat(purged).isEqualTo(new PurgeReport(FEBRUARY, purged.removed(), true));
    assertThat(purged.removed(PurgeKind.USAGE)).isEqualTo(300);
    UsageReport after = months();
    assertThat(after.rows()).isEqualTo(before.rows());
    assertThat(after.completeFrom()).isEqualTo(FEBRUARY);
    assertThat(after.isCutByPurge()).isTrue();
    assertThat(accounting().tail(UsageFilter.all(), 400)).hasSize(1);
    assertThat(accounting().limits().list()).hasSize(1);
    assertThat(backend().directory().list(DirectoryEntry.Kind.USER)).hasSize(1);
    List<AuditEntry> more = accounting().audit().find(AuditQuery.latest(99));
    assertThat(more).containsAll(audit).hasSize(audit.size() + 1);
    assertThat(more.get(0).outcome()).isEqualTo("data purged");
    assertThat(more.get(0).attributes())
        .containsEntry("usage", "300")
        .containsEntry("completeFrom", FEBRUARY.toString());
    accounting().admin().rebuild();
    assertThat(months().rows()).isEqualTo(before.rows());
  }

  private UsageReport months() {
    return accounting()
        .report(TimeRange.always())
        .by(Dimension.PROJECT, Dimension.USER)
        .each(TimeBucket.MONTH, UTC)
        .run();
  }

  @Test
  final void theInstantIsRoundedDownToAQuarterHour() {
    track(aCall(), FEBRUARY.plusSeconds(899));
    track(aCall(), FEBRUARY.plusSeconds(900));

    PurgeReport report = accounting().admin().purge(FEBRUARY.plusSeconds(1_799)).run();

    assertThat(report.completeFrom()).isEqualTo(FEBRUARY.plusSeconds(900));
    assertThat(report.removed(PurgeKind.USAGE)).isEqualTo(1);
  }

  @Test
  final void aLifetimeLimitGoesOnExactlyWhereItWas() {
    save(Limit.named("ever").eachUser().cost(Cost.usd("0.000000102")).lifetime());
    save(Limit.named("calls").requests(302).lifetime());
    january(300);

    accounting().admin().purge(FEBRUARY).inBatchesOf(77).run();

    assertThat(used("ever", aCall().by("u0").costing("0"))).isEqualTo(100);
    assertThat(used("calls", aCall())).isEqualTo(300);
    accounting().admin().rebuild();
    assertThat(used("ever", aCall().by("u2").costing("0"))).isEqualTo(100);
    assertThat(check(aCall().by("u0").costing("0.000000003"))).isDenied();
    hold(aCall().by("u0").costing("0.000000002"));
    hold(aCall().by("u1").costing("0"));
    assertThat(check(aCall().by("u1").costing("0"))).isDenied();
  }

  @Test
  final void whatIsCarriedOverGrowsWithEveryPurge() {
    save(Limit.named("ever").inputTokens(10_000).lifetime());
    for (int month = 1; month <= 3; month++) {
      clock.set("2026-0" + month + "-10T00:00:00Z");
      track(month, aCall().tokens(100, 0));
      clock.set("2026-0" + (month + 1) + "-01T00:00:00Z");
      accounting().admin().purge(clock.instant()).run();
    }

    assertThat(used("ever", aCall())).isEqualTo(600);
    assertThat(accounting().admin().verify().differences()).isEmpty();
    accounting().admin().rebuild();
    assertThat(used("ever", aCall())).isEqualTo(600);
  }

  @Test
  final void correctionsAreCarriedOverAndLeaveWithTheirRecord() {
    save(Limit.named("ever").cost(Cost.usd("9")).lifetime());
    track(aCall(), JANUARY);
    accounting()
        .admin()
        .reprice(TimeRange.always())
        .by(call -> Optional.of(new PricedCost(Cost.usd("0.25"), "test")))
        .apply();

    accounting().admin().purge(FEBRUARY).run();

    assertThat(used("ever", aCall().costing("0"))).isEqualTo(250_000_000L);
    assertThat(accounting().report(TimeRange.always()).run()).hasCost("0.25");
  }

  @Test
  final void aChangedMaximumKeepsWhatWasCarriedOverAndARedefinedLimitDoesNot() {
    save(Limit.named("ever").requests(5).lifetime());
    january(4);
    accounting().admin().purge(FEBRUARY).run();

    save(Limit.named("ever").requests(6).lifetime());
    assertThat(used("ever", aCall())).isEqualTo(4);
    save(Limit.named("ever").inputTokens(500).lifetime());
    save(Limit.named("new").requests(5).lifetime());
    track(aCall().tokens(10, 0));

    assertThat(used("ever", aCall())).isEqualTo(10);
    assertThat(used("new", aCall())).isEqualTo(1);
  }

  /**
   * What was counted when it was purged stays so; what is lifted later was counted all the same.
   */
  @Test
  final void anExemptionDoesNotReachBehindTheHorizon() {
    save(Limit.named("ever").requests(500).lifetime());
    january(3);
    accounting().admin().purge(FEBRUARY).run();
    track(aCall().in("p0"));

    save(Limit.named("free").project("p0").unlimited(Metric.REQUESTS));

    assertThat(used("ever", aCall())).isEqualTo(3);
  }

  @Test
  final void usageInsideALiveWindowIsRefused() {
    save(Limit.named("thirty").requests(50).rolling(ofDays(30)));
    january(3);
    track(aCall(), clock.instant().minus(ofDays(29)));

    assertThatThrownBy(() -> accounting().admin().purge(clock.instant().minus(ofDays(29))).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "limit \"thirty\" still counts usage from 2026-01-31T09:00:00Z on, so nothing up to"
                + " 2026-02-01T09:00:00Z can be purged; name an earlier instant, or purge"
                + " evenIfCounted");
    assertThat(backend().usage().completeFrom()).isEqualTo(Instant.EPOCH);
    accounting().admin().purge(clock.instant().minus(ofDays(30))).run();
    assertThat(used("thirty", aCall())).isEqualTo(1);
  }

  /** Counters keep what a forced purge removed until it would have left. */
  @Test
  final void aForcedPurgeLeavesCountersAsTheyAre() {
    save(Limit.named("exact").requests(50).rolling(ofHours(2)));
    save(Limit.named("coarse").eachUser().inputTokens(50_000).rolling(ofHours(3)));
    save(Limit.named("month").requests(500).rollingMonths(1));
    save(Limit.named("day").requests(500).calendar(1, CalendarUnit.DAY, UTC));
    Instant nine = clock.instant();
    track(3, aCall().by("ann").tokens(100, 0));
    clock.set(nine.plus(ofMinutes(90)));

    accounting().admin().purge(nine.plus(ofMinutes(60))).evenIfCounted().run();

    assertThat(used("exact", aCall())).isEqualTo(3);
    accounting().admin().rebuild();
    assertThat(used("coarse", aCall().by("ann"))).isEqualTo(300);
    assertThat(used("day", aCall())).isEqualTo(3);
    for (int minutes = 90; minutes < 200; minutes++) {
      clock.set(nine.plus(ofMinutes(minutes)));
      assertThat(accounting().admin().verify().differences()).as("minute %d", minutes).isEmpty();
    }
    assertThat(used("exact", aCall())).isZero();
    assertThat(used("coarse", aCall().by("ann"))).isZero();
    assertThat(used("month", aCall())).isEqualTo(3);
    clock.set("2026-04-02T16:00:00Z");
    accounting().admin().rebuild();
    assertThat(used("month", aCall())).isZero();
    assertThat(used("day", aCall())).isZero();
  }

  @Test
  final void aPurgedCallIsRefusedAndNeverCountedAgain() {
    save(Limit.named("ever").requests(50).lifetime());
    List<Usage> calls = january(3);
    accounting().admin().purge(FEBRUARY).run();

    UsageTooOldException refusal =
        catchThrowableOfType(UsageTooOldException.class, () -> accounting().track(calls.get(0)));
    BulkReceipt bulk = accounting().trackAll(calls);

    assertThat(refusal.completeFrom()).isEqualTo(FEBRUARY);
    assertThat(refusal.purged()).isEqualTo(calls.get(0).id());
    assertThat(refusal).hasMessageContaining("older than the purge horizon 2026-02-01T00:00:00Z");
    assertThat(bulk.tooOldCount()).isEqualTo(3);
    assertThat(bulk.tooOld()).hasSize(3);
    assertThat(bulk.recorded()).isZero();
    assertThat(used("ever", aCall())).isEqualTo(3);
    assertThat(accounting().report(TimeRange.always()).run()).hasCalls(3);
  }

  @Test
  final void whatIsForcedCounts() {
    save(Limit.named("ever").requests(50).lifetime());
    january(3);
    accounting().admin().purge(FEBRUARY).run();
    Usage forgotten = aCall().key("k").at(JANUARY).usage();

    BulkReceipt bulk =
        accounting().trackAll(List.of(forgotten, aCall().usage()).iterator(), OldUsage.COUNT);

    assertThat(bulk.recorded()).isEqualTo(2);
    assertThat(used("ever", aCall())).isEqualTo(5);
    assertThat(accounting().track(forgotten)).isDuplicate();
    accounting().admin().purge(FEBRUARY).run();
    assertThat(used("ever", aCall())).isEqualTo(5);
    assertThat(accounting().report(TimeRange.always()).run()).hasCalls(5);
  }

  @Test
  final void aPurgedKeyIsRefusedUntilItIsPurgedToo() {
    track(aCall().key("k").in("search"), JANUARY);
    accounting().admin().purge(FEBRUARY).run();
    Usage again = aCall().key("k").in("search").at(clock.instant()).usage();

    UsageTooOldException refusal =
        catchThrowableOfType(UsageTooOldException.class, () -> accounting().track(again));

    assertThat(refusal.isKnownRepetition()).isTrue();
    assertThat(refusal)
        .hasMessageContaining("key \"k\" of project search belongs to call")
        .hasMessageContaining("2026-01-01T00:00:00Z with the same content, which was purged");
    assertThat(accounting().admin().purge(FEBRUARY).keysToo().preview().removed(PurgeKind.KEYS))
        .isEqualTo(1);
    assertThat(accounting().admin().purge(FEBRUARY).keysToo().run().removed(PurgeKind.KEYS))
        .isEqualTo(1);
    assertThat(accounting().track(again).status()).isEqualTo(Receipt.Status.RECORDED);
  }

  /** Settling is never refused; nor is it booked a second time. */
  @Test
  final void aHeldCallBehindTheHorizonSettlesOnce() {
    save(Limit.named("ever").requests(50).lifetime());
    HeldCall held = hold(aCall());
    clock.advance(ofMinutes(30));
    accounting().admin().purge(clock.instant()).run();
    Usage actual = aCall().id(held.id()).usage();

    assertThat(held.settle(actual).status()).isEqualTo(Receipt.Status.RECORDED);
    assertThat(held.settle(actual)).isDuplicate();
    accounting().admin().purge(clock.instant()).run();

    assertThatThrownBy(() -> held.settle(actual)).isInstanceOf(UsageTooOldException.class);
    assertThat(used("ever", aCall())).isEqualTo(1);
  }

  @Test
  final void onlyTheChosenUsageLeavesAndTheHorizonMovesForAll() {
    save(Limit.named("ever").requests(500).lifetime());
    january(30);
    UsageFilter one = UsageFilter.all().user("u1");

    PurgeReport preview = accounting().admin().purge(FEBRUARY).only(one).preview();
    PurgeReport report = accounting().admin().purge(FEBRUARY).only(one).inBatchesOf(3).run();

    assertThat(preview).isEqualTo(report);
    assertThat(report.removed(PurgeKind.USAGE)).isEqualTo(10);
    assertThat(accounting().tail(UsageFilter.all(), 99)).hasSize(20);
    assertThat(accounting().tail(one, 99)).isEmpty();
    assertThat(used("ever", aCall())).isEqualTo(30);
    assertThat(backend().usage().completeFrom()).isEqualTo(FEBRUARY);
    assertThat(accounting().report(TimeRange.always()).run()).hasCalls(30);
  }

  @Test
  final void rollupsLeaveOnlyWhenAskedFor() {
    january(30);
    track(aCall());

    PurgeReport report = accounting().admin().purge(FEBRUARY).rollupsToo().run();

    assertThat(report.removed(PurgeKind.ROLLUPS)).isPositive();
    assertThat(accounting().report(TimeRange.always()).run()).hasCalls(1);
    assertThatThrownBy(
            () ->
                accounting()
                    .admin()
                    .purge(FEBRUARY)
                    .rollupsToo()
                    .only(UsageFilter.all().user("u1"))
                    .run())
        .hasMessageStartingWith("rollups can be removed only with all usage before an instant");
    assertThatThrownBy(() -> accounting().admin().purge(clock.instant().plus(ofHours(1))).run())
        .hasMessageStartingWith("before must not lie in the future, was 2026-03-02T10:00:00Z");
  }

  /** Nothing is lost and nothing counted twice while others record, also what they record late. */
  @Test
  final void othersRecordMeanwhile() throws Exception {
    save(Limit.named("ever").requests(1_000_000).lifetime());
    january(200);
    AtomicInteger recorded = new AtomicInteger(200);
    List<LlmAccounting> instances = List.of(accounting(), another());

    Crowd.run(
        5,
        thread -> {
          if (thread == 4) {
            instances.get(0).admin().purge(FEBRUARY).inBatchesOf(10).run();
            return;
          }
          for (int i = 0; i < 40; i++) {
            Instant at = i % 2 == 0 ? clock.instant() : JANUARY.plusSeconds(i);
            BulkReceipt done =
                instances
                    .get(thread % 2)
                    .trackAll(List.of(aCall().by("t" + thread).at(at).usage()));
            recorded.addAndGet((int) done.recorded());
          }
        });

    assertThat(used("ever", aCall())).isEqualTo(recorded.get());
    assertThat(accounting().report(TimeRange.always()).run()).hasCalls(recorded.get());
    assertThat(accounting().admin().verify().differences()).isEmpty();
    List<ReportRow> rows = accounting().report(TimeRange.always()).by(Dimension.USER).run().rows();
    accounting().admin().purge(FEBRUARY).run();
    assertThat(accounting().tail(UsageFilter.all(), 999))
        .allMatch(record -> !record.usage().occurredAt().isBefore(FEBRUARY));
    assertThat(accounting().report(TimeRange.always()).by(Dimension.USER).run().rows())
        .isEqualTo(rows);
  }
}
