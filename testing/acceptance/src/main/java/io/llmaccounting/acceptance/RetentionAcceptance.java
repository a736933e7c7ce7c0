package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.retention.PurgeKind;
import io.llmaccounting.retention.PurgeProgress;
import io.llmaccounting.retention.PurgeReport;
import io.llmaccounting.retention.RetentionPolicy;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is kept for how long, and how a long purge goes on. */
public class RetentionAcceptance extends AcceptanceTest {
  private void calls(int count, Duration ago) {
    Instant at = clock.instant().minus(ago);
    List<io.llmaccounting.usage.Usage> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(aCall().key(ago + "/" + i).costing("0.01").at(at.plusMillis(i)).usage());
    }
    accounting().trackAll(calls);
  }

  @Test
  final void eachKindIsKeptForItsOwnTime() {
    save(Limit.named("none").user("nobody").requests(0).lifetime());
    save(Limit.named("alert").requests(2).lifetime().alertingAt(50));
    calls(3, ofDays(400));
    calls(4, ofDays(100));
    calls(5, ofDays(10));
    assertThat(reserve(aCall().by("nobody")).decision()).isDenied();
    accounting().close();
    clock.advance(ofDays(40));

    PurgeReport report =
        another()
            .admin()
            .retain(
                RetentionPolicy.keepEverything()
                    .usage(Period.ofMonths(3))
                    .keys(Period.ofYears(1))
                    .rollups(Period.ofYears(1))
                    .denials(ofDays(30))
                    .audit(ofDays(30))
                    .alerts(ofDays(30)));

    assertThat(report.removed(PurgeKind.USAGE)).isEqualTo(7);
    assertThat(report.removed(PurgeKind.KEYS)).isEqualTo(3);
    assertThat(report.removed(PurgeKind.ROLLUPS)).isPositive();
    assertThat(report.removed(PurgeKind.DENIALS)).isEqualTo(2);
    assertThat(report.removed(PurgeKind.AUDIT_ENTRIES)).isEqualTo(2);
    assertThat(report.completeFrom()).isEqualTo(Instant.parse("2026-01-11T09:00:00Z"));
    assertThat(another().report(TimeRange.always()).run()).hasCalls(9);
    assertThat(backend().ledger().alerts(true)).isEqualTo(backend().ledger().alerts(false));
  }

  @Test
  final void whatIsKeptForEverIsNotTouched() {
    calls(3, ofDays(4_000));

    PurgeReport report = accounting().admin().retain(RetentionPolicy.keepEverything());

    assertThat(report.removed()).isEmpty();
    assertThat(report.completeFrom()).isEqualTo(Instant.EPOCH);
    assertThat(accounting().tail(UsageFilter.all(), 9)).hasSize(3);
  }

  @Test
  final void policiesThatCountTwiceAreRefused() {
    RetentionPolicy quarter = RetentionPolicy.keepEverything().usage(ofDays(90));

    assertThatThrownBy(() -> accounting().admin().retain(quarter.keys(ofDays(89))))
        .hasMessage("keys must be kept at least as long as usage (PT2160H), was PT2136H");
    assertThatThrownBy(() -> accounting().admin().retain(quarter.rollups(Period.ofDays(1))))
        .hasMessage("rollups must be kept at least as long as usage (PT2160H), was P1D");
    assertThatThrownBy(() -> quarter.denials(Period.ZERO))
        .hasMessage("denials must be kept for a positive time, was P0D");
    assertThat(backend().usage().completeFrom()).isEqualTo(Instant.EPOCH);
  }

  @Test
  final void keysOfUsageThatIsKeptAreKept() {
    calls(3, ofDays(100));

    PurgeReport report =
        accounting().admin().retain(RetentionPolicy.keepEverything().keys(ofDays(10)));

    assertThat(report.removed(PurgeKind.KEYS)).isZero();
    assertThat(backend().usage().findByKey(null, ofDays(100) + "/0")).isPresent();
  }

  /** faults A5: whoever removes what is old first books what has expired. */
  @Test
  final void retainingBooksExpiredHolds() {
    save(Limit.named("ever").requests(50).lifetime());
    HeldCall died = hold(aCall());
    clock.advance(ofDays(7));

    accounting().admin().retain(RetentionPolicy.keepEverything().denials(ofDays(7)));

    assertThat(accounting().admin().openHolds()).isEmpty();
    assertThat(stored(died.id()).usage().outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(used("ever", aCall())).isEqualTo(1);
    died.settle(aCall().id(died.id()).usage());
    assertThat(stored(died.id()).late()).isTrue();
    assertThat(used("ever", aCall())).isEqualTo(1);
  }

  @Test
  final void progressIsToldInBoundedSteps() {
    calls(25, ofDays(100));
    List<PurgeProgress> progress = new ArrayList<>();

    accounting()
        .admin()
        .purge(clock.instant().minus(ofDays(1)))
        .keysToo()
        .inBatchesOf(10)
        .onProgress(progress::add)
        .run();

    assertThat(progress)
        .filteredOn(step -> step.kind() == PurgeKind.KEYS)
        .extracting(PurgeProgress::removed)
        .containsExactly(0L, 10L, 20L, 25L);
    assertThat(progress).allMatch(step -> step.expected() == 25);
    assertThat(progress)
        .filteredOn(step -> step.kind() == PurgeKind.USAGE)
        .extracting(PurgeProgress::removed)
        .startsWith(0L)
        .endsWith(25L);
  }

  @Test
  final void anInterruptStopsItBetweenBatchesAndASecondRunDoesTheRest() {
    save(Limit.named("ever").requests(500).lifetime());
    calls(25, ofDays(100));
    clock.advance(ofMinutes(1));
    Instant before = clock.instant().minus(ofDays(1));

    PurgeReport stopped =
        accounting()
            .admin()
            .purge(before)
            .inBatchesOf(10)
            .onProgress(
                step -> {
                  if (step.removed() == 10) {
                    Thread.currentThread().interrupt();
                  }
                })
            .run();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.finished()).isFalse();
    assertThat(stopped.removed(PurgeKind.USAGE)).isEqualTo(10);
    assertThat(lastAct()).isEqualTo("purge stopped");
    assertThat(accounting().admin().verify().differences()).isEmpty();
    assertThat(used("ever", aCall())).isEqualTo(25);
    PurgeReport rest = accounting().admin().purge(before).run();
    assertThat(rest.finished()).isTrue();
    assertThat(rest.removed(PurgeKind.USAGE)).isEqualTo(15);
    assertThat(used("ever", aCall())).isEqualTo(25);
  }

  @Test
  final void aListenerThatFailsEndsItAndWhatIsDoneIsTold() {
    calls(25, ofDays(100));
    IllegalStateException bug = new IllegalStateException("a bug in the listener");

    assertThatThrownBy(
            () ->
                accounting()
                    .admin()
                    .purge(clock.instant())
                    .inBatchesOf(10)
                    .onProgress(
                        step -> {
                          if (step.removed() > 0) {
                            throw bug;
                          }
                        })
                    .run())
        .isSameAs(bug);

    assertThat(lastAct()).isEqualTo("purge broke off");
    assertThat(accounting().audit().find(AuditQuery.latest(1)).get(0).attributes())
        .containsEntry("usage", "10");
  }

  private String lastAct() {
    AuditEntry entry = accounting().audit().find(AuditQuery.latest(1)).get(0);
    return entry.outcome();
  }

  /** Random calls, holds, changes of limits and purges: it all adds up at any time. */
  @Test
  final void everythingAddsUpAfterRandomPurges() {
    save(Limit.named("exact").requests(50).rolling(ofMinutes(90)));
    save(Limit.named("coarse").eachUser().totalTokens(20_000).rolling(Duration.ofHours(5)));
    save(Limit.named("months").cost(Cost.usd("50")).rollingMonths(1));
    save(Limit.named("ever").eachUser().cost(Cost.usd("500")).lifetime());
    Random random = new Random(17);
    long nanos = 0;
    for (int i = 0; i < 240; i++) {
      clock.advance(Duration.ofSeconds(random.nextInt(1_200)));
      switch (random.nextInt(8)) {
        case 0 ->
            accounting()
                .admin()
                .purge(clock.instant().minusSeconds(random.nextInt(20_000)))
                .evenIfCounted()
                .inBatchesOf(1 + random.nextInt(9))
                .run();
        case 1 -> save(Limit.named("exact").requests(40 + i).rolling(ofMinutes(90)));
        case 2 -> reserve(aCall().by("u0").tokens(10, 0).costing("0"));
        default -> {
          track(aCall().by("u" + random.nextInt(3)).costing("0.125"));
          nanos += 125_000_000;
        }
      }
      if (i % 20 == 0) {
        assertThat(accounting().admin().verify().differences()).as("step %d", i).isEmpty();
        if (i % 60 == 0) {
          accounting().admin().rebuild();
        }
      }
    }

    long used = 0;
    for (String user : List.of("u0", "u1", "u2")) {
      used += used("ever", aCall().by(user).costing("0"));
    }
    assertThat(used).isEqualTo(nanos);
  }

  @Test
  @DisplayName("faults G9: counters of a window that has emptied go with later calls")
  final void countersOfNamesThatDoNotComeBackGo() {
    save(Limit.named("each").eachUser().requests(5).rolling(Duration.ofSeconds(1)).alertingAt(50));
    save(Limit.named("year").eachUser().requests(900).calendar(1, CalendarUnit.YEAR, UTC));
    save(Limit.named("ever").requests(100_000).lifetime());
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      calls.add(aCall().by("u" + i).at(clock.instant()).usage());
    }
    accounting().trackAll(calls);
    assertThat(counters()).isEqualTo(1_001);
    List<LimitStatus> before = accounting().limits().status();

    clock.advance(ofDays(1));
    track(60, aCall().by("busy"));
    assertThat(counters()).as("stays for a day").isEqualTo(1_003);
    clock.advance(Duration.ofMinutes(10));
    track(60, aCall().by("busy"));

    // the year counts on
    assertThat(counters()).isEqualTo(503);
    assertThat(accounting().limits().status()).hasSize(503);
    assertThat(before).hasSize(1_001);
    assertThat(used("each", aCall().by("u1"))).isZero();
    assertThat(used("year", aCall().by("u1"))).isEqualTo(1);
    assertThat(used("ever", aCall())).isEqualTo(620);
    clock.advance(ofDays(400));
    accounting().admin().retain(RetentionPolicy.keepEverything());
    assertThat(counters()).isEqualTo(1);
  }

  private int counters() {
    return backend().maintenance().<Integer>inspect(snapshot -> snapshot.counters().size());
  }
}
