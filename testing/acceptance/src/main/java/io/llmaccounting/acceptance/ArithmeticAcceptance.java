package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.retention.PurgeKind;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Amounts, sums, and what exactly fits. */
public class ArithmeticAcceptance extends AcceptanceTest {
  /** Scenario 1. */
  @Test
  final void deniesTheCallAfterTheLastAndAdmitsInTheNextMinute() {
    save(Limit.named("ten").requests(10).calendar(1, CalendarUnit.MINUTE, UTC));
    clock.set("2026-03-02T12:00:01Z");
    for (int i = 0; i < 10; i++) {
      track(aCall());
      clock.advance(ofSeconds(1));
    }

    Decision atEleven = check(aCall());

    assertThat(atEleven).isDenied().byExactly("ten").used(10).retryAfter(ofSeconds(49));
    assertThat(((Decision.Denied) atEleven).primary().requested()).isEqualTo(1);
    clock.set("2026-03-02T12:01:00Z");
    assertThat(check(aCall())).isAdmitted();
  }

  /** Scenario 2. */
  @Test
  final void admitsTheCostThatReachesTheMaximumExactly() {
    save(Limit.named("bob").user("bob").cost(Cost.usd("10")).calendar(1, CalendarUnit.MONTH, UTC));
    track(aCall().by("bob").costing("9.99"));

    assertThat(check(aCall().by("bob").costing("0.01"))).isAdmitted();
    assertThat(check(aCall().by("bob").costing("0.02"))).isDenied().byExactly("bob");
    assertThat(check(aCall().by("bob").costing("0.010000001"))).isDenied();
  }

  /** Scenario 3. */
  @Test
  final void countsInputTokensOfOneModel() {
    save(Limit.named("m").model("m").inputTokens(1_000).calendar(1, CalendarUnit.HOUR, UTC));
    track(aCall().on("m").tokens(950, 7_000));

    assertThat(check(aCall().on("m").tokens(50, 9_000))).isAdmitted();
    assertThat(check(aCall().on("m").tokens(51, 0))).isDenied().used(950);
  }

  /** Scenario 4. */
  @Test
  final void countsInputAndOutputTogether() {
    save(Limit.named("total").totalTokens(500).calendar(1, CalendarUnit.DAY, UTC));
    track(aCall().tokens(400, 80));

    assertThat(check(aCall().tokens(10, 10))).isAdmitted();
    assertThat(check(aCall().tokens(10, 11))).isDenied().used(480);
  }

  /**
   * reading new capabilities: what is written to a cache counts, what is read from one does not.
   */
  @Test
  final void countsInputThatWasNotReadFromACache() {
    save(Limit.named("uncached").uncachedInputTokens(100).rolling(ofHours(1)));
    TokenUsage cached =
        TokenUsage.cacheIncluded().input(150).cacheRead(60).cacheWrite5m(40).output(900).build();

    HeldCall held = hold(aCall().tokens(95, 0));
    assertThat(held("uncached", aCall())).isEqualTo(95);
    settle(held, aCall().tokens(cached));

    assertThat(check(aCall().tokens(10, 9_000))).isAdmitted();
    assertThat(check(aCall().tokens(11, 0))).isDenied().used(90);
  }

  /** What nobody was asked for charges nothing, and is in the reports with what it told. */
  @Test
  final void anAnswerFromACacheChargesNoLimit() {
    save(Limit.named("requests").requests(1).rolling(ofHours(1)));
    save(Limit.named("tokens").totalTokens(100).rolling(ofHours(1)));
    save(Limit.named("cost").cost(Cost.usd("1")).rolling(ofHours(1)));
    accounting()
        .track()
        .model("m")
        .tokens(TokenUsage.of(90, 9))
        .cost(Cost.ZERO)
        .extra(Usage.FROM_CACHE, 1)
        .record();

    assertThat(used("requests", aCall())).isZero();
    assertThat(used("tokens", aCall())).isZero();
    assertThat(used("cost", aCall())).isZero();
    assertThat(check(aCall().tokens(50, 50).costing("1"))).isAdmitted();
    assertThat(accounting().tail()).hasSize(1);
    assertThat(accounting().admin().verify().isClean()).isTrue();
  }

  /** reading new capabilities: tokens count by their weight, to the thousandth. */
  @Test
  final void countsTokensByTheirWeight() {
    TokenWeights weights = TokenWeights.of("1", "4").cacheRead("0.1");
    save(Limit.named("weighted").weightedTokens(100, weights).rolling(ofHours(1)));
    TokenUsage cached = TokenUsage.cacheIncluded().input(15).cacheRead(5).output(20).build();

    HeldCall held = hold(aCall().tokens(20, 20));
    assertThat(held("weighted", aCall())).isEqualTo(100_000);
    assertThat(check(aCall().tokens(1, 0))).isDenied();
    settle(held, aCall().tokens(cached));

    assertThat(used("weighted", aCall())).isEqualTo(90_500);
    assertThat(status("weighted", aCall()).remaining()).hasToString("9.5 weighted tokens");
    assertThat(check(aCall().tokens(9, 0))).isAdmitted();
    Decision denied = check(aCall().tokens(2, 2));
    assertThat(denied).isDenied().used(90_500);
    assertThat(denied.toString())
        .contains("of 100,")
        .contains("10 weighted tokens (used 90.5, held 0)");
  }

  /** reading new capabilities: other weights make another limit, also of what is under way. */
  @Test
  final void countsAnewWhereWeightsChange() {
    save(
        Limit.named("weighted").weightedTokens(100, TokenWeights.of("1", "4")).rolling(ofHours(1)));
    track(aCall().tokens(10, 5));
    HeldCall held = hold(aCall().tokens(10, 5));
    assertThat(used("weighted", aCall())).isEqualTo(30_000);

    save(
        Limit.named("weighted")
            .weightedTokens(100, TokenWeights.of("0.5", "1"))
            .rolling(ofHours(1)));

    assertThat(used("weighted", aCall())).isEqualTo(10_000);
    assertThat(held("weighted", aCall())).isEqualTo(10_000);
    assertThat(another().limits().find("weighted").orElseThrow().weights())
        .isEqualTo(TokenWeights.of("0.5", "1"));
    settle(held, aCall().tokens(20, 0));
    assertThat(used("weighted", aCall())).isEqualTo(20_000);
    assertThat(held("weighted", aCall())).isZero();
  }

  /** Scenario 5. */
  @Test
  final void derivesTheTotalWhereNobodyReportsOne() {
    save(Limit.named("total").totalTokens(100).calendar(1, CalendarUnit.DAY, UTC));
    track(aCall().tokens(90, 90));

    assertThat(check(aCall().tokens(1, 0))).isDenied().used(180);
    assertThat(status("total", aCall()).overshoot()).isEqualTo(80);
    assertThat(accounting().tail().get(0).usage().tokens().total()).isEqualTo(180);
  }

  /** Scenario 6. */
  @Test
  final void addsCostsExactly() {
    save(Limit.named("dollar").cost(Cost.usd("1.0")).calendar(1, CalendarUnit.DAY, UTC));
    track(10, aCall().costing("0.1"));

    assertThat(accounting().report(TimeRange.today(UTC)).run()).hasCalls(10).hasCost("1");
    assertThat(check(aCall().costing("0.000001"))).isDenied().used(1_000_000_000L);
    assertThat(check(aCall().costing("0"))).isAdmitted();
  }

  /** Scenario 7. */
  @Test
  final void refusesImpossibleFiguresAndStoresNothing() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    save(Limit.named("dollar").cost(Cost.usd("1")).lifetime());

    refused("inputTokens", () -> accounting().track().model("m").inputTokens(-1).record());
    refused("outputTokens", () -> accounting().track().model("m").outputTokens(-1).record());
    refused("cost", () -> accounting().track().model("m").cost(Cost.usd("-50")).record());
    refused("cost", () -> accounting().track().model("m").cost(Cost.usd("NaN")).record());
    refused("cost", () -> accounting().track().model("m").cost(Cost.usd("1000000.01")).record());
    refused(
        "inputTokens",
        () -> accounting().track().model("m").inputTokens(TokenUsage.MAX_PART + 1).record());
    refused("inputTokens", () -> check(aCall().tokens(Long.MAX_VALUE, 1)));

    assertThat(accounting().tail()).isEmpty();
    assertThat(used("tokens", aCall())).isZero();
    assertThat(used("dollar", aCall())).isZero();
  }

  /** Scenario 8. */
  @Test
  final void refusesAModelThatIsMissingBlankOrPadded() {
    refused("model", () -> accounting().track().inputTokens(1).record());
    refused("model", () -> accounting().track().model("").record());
    refused("model", () -> accounting().track().model("  ").record());
    refused("model", () -> accounting().track().model(" gpt-5").record());
    refused("model", () -> accounting().track().model("gpt-5\n").record());

    assertThat(accounting().tail()).isEmpty();
  }

  private static void refused(String field, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(field);
  }

  /** Scenario 36. */
  @Test
  final void saysWhatRemainsAndShowsDebt() {
    save(Limit.named("total").totalTokens(100).calendar(1, CalendarUnit.DAY, UTC));
    save(Limit.named("cost").cost(Cost.usd("10")).calendar(1, CalendarUnit.DAY, UTC));
    save(Limit.named("none").user("eve").requests(0).lifetime());

    assertThat(track(aCall().tokens(40, 10).costing("1")))
        .leaves("total", 50)
        .leaves("cost", 9_000_000_000L);
    assertThat(status("none", aCall().by("eve")).remaining().units()).isZero();
    assertThat(track(aCall().tokens(80, 0).costing("0")))
        .leaves("total", -30)
        .leaves("cost", 9_000_000_000L);
    assertThat(status("total", aCall()).overshoot()).isEqualTo(30);
    assertThat(status("cost", aCall()).overshoot()).isZero();
  }

  /** Scenario 36. */
  @Test
  final void aCallThatIsExemptHasNothingThatCouldRunOut() {
    save(Limit.named("all").requests(1).lifetime());
    save(Limit.named("free").user("root").unlimited(Metric.REQUESTS));
    track(3, aCall().by("root"));

    assertThat(check(aCall().by("root"))).isAdmitted();
    assertThat(accounting().quotas().status(aCall().by("root").request())).isEmpty();
    assertThat(check(aCall().by("bob"))).isAdmitted().leaves("all", 1);
  }

  /** A maximum of 0 denies even a call that asks for nothing of its metric. */
  @Test
  final void aMaximumOfZeroDeniesEverythingItWatches() {
    save(Limit.named("none").inputTokens(0).lifetime());

    assertThat(check(aCall().tokens(0, 5))).isDenied().byExactly("none").neverFits();
  }

  /** faults B8, G6: what no long can hold is full, refuses no record, and reports say so. */
  @Test
  final void sumsThatNoLongCanHoldAreFullAndRefuseNothing() {
    save(Limit.named("cost").cost(Cost.usd("5")).lifetime());
    int many = 9_300;
    List<Usage> calls = new ArrayList<>(many);
    for (int i = 0; i < many; i++) {
      calls.add(aCall().costing("1000000").latency(Duration.ofDays(36_500)).usage());
    }

    accounting().trackAll(calls.subList(0, many / 2));
    accounting().trackAll(calls.subList(many / 2, many));
    track(aCall().on("small").costing("1"));

    UsageTotals all = accounting().report(TimeRange.today(UTC)).run().total();
    assertThat(all.calls()).isEqualTo(many + 1);
    assertThat(all.cost()).isEqualTo(Cost.ofNanos(Long.MAX_VALUE));
    assertThat(all.latency().sum()).isEqualTo(Long.MAX_VALUE);
    assertThat(accounting().report(TimeRange.today(UTC)).withDistribution().run().total())
        .isEqualTo(all);
    assertThat(accounting().report(TimeRange.today(UTC)).by(Dimension.MODEL).run().rows())
        .extracting(row -> row.totals().cost())
        .contains(Cost.usd("1"), Cost.ofNanos(Long.MAX_VALUE));
    assertThat(used("cost", aCall())).isEqualTo(Long.MAX_VALUE);
    save(Limit.named("later").cost(Cost.usd("5")).lifetime());
    assertThat(used("later", aCall())).isEqualTo(Long.MAX_VALUE);
    assertThat(accounting().admin().verify().isClean()).isTrue();
  }

  /**
   * faults B8, G6: what a store cannot keep is refused alike by all of them, before it is asked.
   */
  @Test
  final void refusesInstantsThatNoStoreKeeps() {
    for (Instant at :
        List.of(
            Instant.MIN,
            Instant.MAX,
            Instant.EPOCH.minusNanos(1),
            Instant.ofEpochSecond(1L << 40))) {
      refused("occurredAt", () -> accounting().track().model("m").at(at).record());
      refused("occurredAt", () -> Usage.of("m", at).build());
      refused("occurredAt", () -> accounting().audit().event("e").at(at).write());
    }
    refused("before", () -> accounting().admin().purge(Instant.MAX).run());
    assertThat(accounting().admin().purge(Instant.MIN).run().removed(PurgeKind.USAGE)).isZero();
    refused("before", () -> accounting().audit().retain(Instant.MIN));

    assertThat(accounting().tail()).isEmpty();
  }
}
