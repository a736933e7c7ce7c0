package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Difference;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The proof that everything adds up, and what repairs it. */
public class VerificationAcceptance extends AcceptanceTest {
  private void someUsage() {
    save(Limit.named("requests").requests(100).rolling(ofHours(1)));
    save(Limit.named("cost").eachUser().cost(Cost.usd("5")).lifetime());
    track(3, aCall().by("ann").costing("0.5"));
    track(2, aCall().by("bob").costing("0.25"));
    hold(aCall().by("ann").costing("1"));
  }

  /** Lost counters are found and made anew, holds included. */
  @Test
  final void lostCountersAreFoundAndRebuilt() {
    someUsage();
    backend().maintenance().rebuildCounters(snapshot -> Map.of());

    List<Difference> differences = accounting().admin().verify().differences();

    assertThat(accounting().admin().verify().isClean()).isFalse();
    assertThat(differences)
        .extracting(Difference::what)
        .containsExactlyInAnyOrder(
            "counter [] of limit \"requests\"",
            "counter [user=ann] of limit \"cost\"",
            "counter [user=bob] of limit \"cost\"");
    assertThat(differences)
        .filteredOn(difference -> difference.what().contains("requests"))
        .containsExactly(
            new Difference("counter [] of limit \"requests\"", "used 0, held 0", "used 5, held 1"));
    accounting().admin().rebuild();
    assertThat(accounting().admin().verify().isClean()).isTrue();
    assertThat(used("requests", aCall())).isEqualTo(5);
    assertThat(held("requests", aCall())).isEqualTo(1);
    assertThat(used("cost", aCall().by("ann").costing("0"))).isEqualTo(1_500_000_000L);
    assertThat(held("cost", aCall().by("ann").costing("0"))).isEqualTo(1_000_000_000L);
  }

  /** Counters that belong to somebody else are found and put right. */
  @Test
  final void exchangedCountersAreFoundAndRebuilt() {
    someUsage();
    backend()
        .maintenance()
        .rebuildCounters(
            snapshot -> {
              Map<CounterKey, CounterState> exchanged = new HashMap<>(snapshot.counters());
              exchanged.replaceAll(
                  (key, state) -> {
                    String other = key.subject().equals("user=ann") ? "user=bob" : "user=ann";
                    return key.subject().isEmpty()
                        ? state
                        : snapshot.counters().get(new CounterKey(key.limitId(), other));
                  });
              exchanged.put(new CounterKey(99_999, ""), CounterState.EMPTY);
              return exchanged;
            });

    assertThat(accounting().admin().verify().differences()).hasSize(3);
    accounting().admin().rebuild();
    assertThat(accounting().admin().verify().isClean()).isTrue();
    assertThat(used("cost", aCall().by("bob").costing("0"))).isEqualTo(500_000_000L);
  }

  /** Repairing is an administrative act. */
  @Test
  final void aRebuildLeavesAnAuditEntry() {
    someUsage();
    clock.advance(ofMinutes(1));

    accounting().admin().rebuild();

    AuditEntry entry = accounting().audit().find(AuditQuery.latest(1)).get(0);
    assertThat(entry.type()).isEqualTo(AuditEntry.ADMIN);
    assertThat(entry.outcome()).isEqualTo("counters rebuilt");
    assertThat(entry.at()).isEqualTo(clock.instant());
  }

  /** A rebuild under way keeps thresholds that have fired from firing again. */
  @Test
  final void aRebuildKeepsWhatHasFired() {
    save(Limit.named("ever").requests(10).lifetime().alertingAt(50));
    track(6, aCall());

    accounting().admin().rebuild();
    track(aCall());

    assertThat(backend().ledger().alerts(false)).hasSize(1);
  }

  /** Random calls, holds and clock steps: it all adds up at any time. */
  @Test
  final void everythingAddsUpAfterRandomCalls() {
    save(Limit.named("exact").requests(50).rolling(ofMinutes(10)));
    save(Limit.named("coarse").eachUser().totalTokens(20_000).rolling(ofHours(1)));
    save(Limit.named("months").cost(Cost.usd("50")).rollingMonths(1));
    Random random = new Random(11);
    for (int i = 0; i < 400; i++) {
      clock.advance(java.time.Duration.ofMillis(random.nextInt(20_000)));
      String user = "u" + random.nextInt(3);
      switch (random.nextInt(4)) {
        case 0 -> track(aCall().by(user).tokens(random.nextInt(500), 7).costing("0.125"));
        case 1 ->
            track(
                aCall().by(user).costing("0.01"),
                clock.instant().minusMillis(random.nextInt(3_000_000)));
        default -> {
          var held = reserve(aCall().by(user).tokens(400, 0).costing("0.1")).hold();
          if (held.isPresent() && random.nextBoolean()) {
            settle(held.get(), aCall().by(user).tokens(random.nextInt(800), 0).costing("0.2"));
          }
        }
      }
      if (i % 25 == 0) {
        assertThat(accounting().admin().verify().differences()).as("step %d", i).isEmpty();
      }
    }
  }

  /** Scenario 40. */
  @Test
  final void sumsAndAveragesAreExact() {
    track(aCall().on("a").tokens(100, 50).costing("0.002"));
    track(aCall().on("b").tokens(200, 100).costing("0.001"));
    track(aCall().on("b").tokens(150, 75).costing("0.003"));

    UsageReport report = accounting().report(TimeRange.today(UTC)).by(Dimension.MODEL).run();

    assertThat(report).hasCalls(3).hasCost("0.006").hasInputTokens(450).hasOutputTokens(225);
    assertThat(report.total().tokens().total()).isEqualTo(675);
    assertThat(report.total().averageTotalTokens()).contains(new BigDecimal("225.000000"));
    assertThat(report.total().averageCost()).contains(Cost.usd("0.002"));
    assertThat(report.top(1, totals -> totals.tokens().total()))
        .extracting(ReportRow::values)
        .containsExactly(List.of("b"));
    assertThat(report.rows()).extracting(row -> row.totals().calls()).containsExactly(1L, 2L);
  }

  /** Scenario 40. */
  @Test
  final void averagesIgnoreCallsWithoutAValue() {
    track(aCall().tokens(100, 0).costing("0.002"));
    track(aCall().withoutTokens());

    UsageTotals totals = accounting().report(TimeRange.today(UTC)).run().total();

    assertThat(totals).hasCalls(2).hasMissing(1).hasUnpriced(1);
    assertThat(totals.averageTotalTokens()).contains(new BigDecimal("100.000000"));
    assertThat(totals.averageCost()).contains(Cost.usd("0.002"));
  }

  /** Scenario 40. */
  @Test
  final void anEmptyPeriodAddsUpToNothing() {
    track(aCall());

    UsageReport report =
        accounting()
            .report(
                new TimeRange(
                    Instant.parse("2025-01-01T00:00:00Z"), Instant.parse("2025-02-01T00:00:00Z")))
            .run();

    assertThat(report).isEmpty();
    assertThat(report.total().averageCost()).isEmpty();
  }

  /** Scenario 38. */
  @Test
  final void aSessionIsReadableBackFromTheAuditTrail() {
    for (String session : List.of("s1", "s2")) {
      accounting().audit().prompt("hello").model("m").session(session).write();
    }

    assertThat(accounting().audit().find(AuditQuery.latest(10).session("s1")))
        .extracting(entry -> entry.attribution().session() + " " + entry.prompt())
        .containsExactly("s1 hello");
  }

  /** A settled, a released and an expired hold leave nothing behind that differs. */
  @Test
  final void holdsLeaveNothingBehind() {
    save(Limit.named("requests").requests(100).lifetime());
    HeldCall settled = hold(aCall());
    hold(aCall()).release();
    hold(aCall());
    settle(settled, aCall());
    clock.advance(ofMinutes(10));

    assertThat(held("requests", aCall())).isZero();
    assertThat(used("requests", aCall())).isEqualTo(1);
  }
}
