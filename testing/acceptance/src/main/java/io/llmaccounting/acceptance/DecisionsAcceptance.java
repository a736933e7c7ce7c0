package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.tuple;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.Retention.Leftover;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Explanation;
import io.llmaccounting.limit.Explanation.Effect;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is decided, what is said about it, and what is kept of it. */
public class DecisionsAcceptance extends AcceptanceTest {
  /** A limit that warns admits, and says so. */
  @Test
  final void aWarningLimitAdmitsAndReports() {
    save(Limit.named("soft").requests(1).lifetime().warning());
    save(Limit.named("hard").requests(3).lifetime());
    track(aCall());

    assertThat(check(aCall())).isAdmitted().warnsOf("soft");
    assertThat(reserve(aCall()).decision()).isAdmitted().warnsOf("soft").leaves("hard", 1);
    assertThat(held("soft", aCall())).isEqualTo(1);
    track(aCall());
    assertThat(check(aCall())).isDenied().byExactly("hard");
  }

  /** An admission lists what remains, the smallest share first. */
  @Test
  final void anAdmissionListsWhatRemainsTheTightestFirst() {
    save(Limit.named("wide").requests(100).lifetime());
    save(Limit.named("tight").totalTokens(1_000).lifetime());
    save(Limit.named("other").user("bob").requests(1).lifetime());
    track(aCall().tokens(900, 0));

    List<LimitStatus> statuses = accounting().quotas().status(aCall().request());

    assertThat(statuses)
        .extracting(status -> status.limit().name())
        .containsExactly("tight", "wide");
    assertThat(statuses.get(0).remaining().units()).isEqualTo(100);
    assertThat(statuses.get(0).at()).isEqualTo(clock.instant());
    assertThat(reserve(aCall().tokens(50, 50)).decision())
        .isAdmitted()
        .leaves("tight", 0)
        .leaves("wide", 98);
  }

  /** Every counter can be seen without a call that it watches. */
  @Test
  final void howEveryCounterStandsNeedsNoCall() {
    save(Limit.named("b").requests(5).rolling(ofMinutes(10)));
    save(Limit.named("a").eachUser().requests(5).calendar(1, CalendarUnit.DAY, ZoneOffset.UTC));
    save(Limit.named("free").unlimited(Metric.COST));
    track(aCall().user("u2"));
    reserve(aCall().user("u1"));

    List<LimitStatus> statuses = accounting().limits().status();

    assertThat(statuses)
        .extracting(
            s -> s.limit().name(), LimitStatus::subject, LimitStatus::used, LimitStatus::held)
        .containsExactly(
            tuple("a", "user=u1", 0L, 1L), tuple("a", "user=u2", 1L, 0L), tuple("b", "", 1L, 1L));
    clock.advance(ofMinutes(10));
    // the hold of u1 has expired: a counter with nothing in its window is as good as none
    assertThat(accounting().limits().status())
        .extracting(s -> s.limit().name(), LimitStatus::subject, s -> s.remaining().units())
        .containsExactly(tuple("a", "user=u2", 4L), tuple("b", "", 5L));
  }

  /** faults D5: one limit is asked for by its name, and shows what it lacks as debt. */
  @Test
  final void oneLimitStandsByItsName() {
    save(Limit.named("money").cost(Cost.usd("1")).lifetime());
    save(Limit.named("calls").eachUser().requests(5).lifetime());
    assertThat(accounting().limits().status("calls")).isEmpty();
    track(aCall().by("ann").costing("1.4"));
    track(aCall().by("bob").costing("0"));

    assertThat(accounting().limits().status("money"))
        .extracting(status -> status.remaining().toString())
        .containsExactly("-$0.40");
    assertThat(accounting().limits().status("calls"))
        .extracting(status -> status.subject() + " " + status.remaining())
        .containsExactly("user=ann 4 requests", "user=bob 4 requests");
    assertThatThrownBy(() -> accounting().limits().status("none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no limit \"none\"");
  }

  /** faults D5: a blank name is no name, so that defaults fill it. */
  @Test
  final void aBlankNameIsNone() {
    LlmAccounting inP = another(settings -> settings.defaults(Attribution.NONE.withProject("P")));

    inP.begin(CallRequest.to("m").project(" ").user("").caller("\t").session(null))
        .succeeded(TokenUsage.of(1, 1));
    inP.track().model("m").project("").user(" ").caller(null).session("").record();

    assertThat(inP.tail())
        .hasSize(2)
        .allSatisfy(
            one ->
                assertThat(one.usage().attribution()).isEqualTo(Attribution.NONE.withProject("P")));
    assertThatThrownBy(() -> CallRequest.to("m").user("a\0b")).hasMessageContaining("NUL");
    assertThatThrownBy(() -> CallRequest.to("m").user("a".repeat(256))).hasMessageContaining("255");
  }

  /** A check writes nothing. */
  @Test
  final void aCheckWritesNothing() {
    save(Limit.named("one").requests(1).lifetime());
    for (int i = 0; i < 3; i++) {
      assertThat(check(aCall())).isAdmitted().leaves("one", 1);
    }
    save(Limit.named("one").requests(0).lifetime());
    assertThat(check(aCall())).isDenied();

    assertThat(accounting().admin().denials(TimeRange.always())).isEmpty();
    assertThat(backend().ledger().holds()).isEmpty();
  }

  /** What is tracked is never refused. */
  @Test
  final void trackingIsNeverRefused() {
    save(Limit.named("none").requests(0).lifetime());

    assertThat(track(aCall())).isRecorded().leaves("none", -1);
    assertThat(status("none", aCall()).overshoot()).isEqualTo(1);
  }

  /** Where a call has no price, a limit on cost denies it unless told otherwise. */
  @Test
  final void aCallWithoutAPriceIsDenied() {
    save(Limit.named("cost").cost(Cost.usd("1")).lifetime());

    assertThat(check(aCall()))
        .isDenied()
        .byExactly("cost")
        .because(Exceeded.Reason.UNPRICED)
        .neverFits();
    assertThat(check(aCall().costing("0"))).isAdmitted();
    assertThat(track(aCall())).isRecorded().isUnpriced().leaves("cost", 1_000_000_000L);
  }

  /** Or lets it through, charging nothing. */
  @Test
  final void aCallWithoutAPriceMayBeLetThrough() {
    save(Limit.named("cost").cost(Cost.usd("1")).lifetime().onUnpriced(UnpricedPolicy.ADMIT));

    assertThat(reserve(aCall()).decision()).isAdmitted().leaves("cost", 1_000_000_000L);
    track(aCall());
    assertThat(used("cost", aCall())).isZero();
  }

  /** Or charges a ceiling. */
  @Test
  final void aCallWithoutAPriceMayBeChargedACeiling() {
    UnpricedPolicy ceiling = UnpricedPolicy.charge(Cost.usd("0.40"));
    save(Limit.named("cost").cost(Cost.usd("1")).lifetime().onUnpriced(ceiling));
    track(aCall());

    assertThat(used("cost", aCall())).isEqualTo(400_000_000L);
    hold(aCall());
    assertThat(held("cost", aCall())).isEqualTo(400_000_000L);
    assertThat(check(aCall())).isDenied().because(Exceeded.Reason.SPENT);
    assertThat(check(aCall().costing("0.2"))).isAdmitted();
  }

  /** What a call will cost is computed from what it expects. */
  @Test
  final void theExpectedCostIsComputedFromPrices() {
    LlmAccounting priced =
        another(
            settings ->
                settings.pricing(
                    call ->
                        Optional.of(
                            new PricedCost(
                                Cost.ofNanos(call.tokens().total() * 1_000_000), "row"))));
    save(Limit.named("cost").cost(Cost.usd("1")).lifetime());

    assertThat(priced.quotas().check(aCall().tokens(600, 400).request())).isAdmitted();
    assertThat(priced.quotas().check(aCall().tokens(600, 401).request())).isDenied();
  }

  /** What nobody states is what recent calls of the model used, never what is left. */
  @Test
  final void whatARequestLeavesOpenIsEstimated() {
    LlmAccounting plain = another(settings -> settings.expectedTokens(7, 70));
    save(Limit.named("tokens").totalTokens(1_000_000).lifetime());

    assertThat(plain.quotas().reserve(CallRequest.to("m")).decision())
        .isAdmitted()
        .leaves("tokens", 999_923);
    assertThat(plain.quotas().reserve(CallRequest.to("m").inputTokens(3)).decision())
        .isAdmitted()
        .leaves("tokens", 999_850);
  }

  /** Scenario 38. */
  @Test
  final void everyDenialIsCountedByMinute() {
    save(Limit.named("none").eachUser().requests(0).lifetime());
    clock.advance(ofSeconds(30));
    Instant minute = Instant.parse("2026-03-02T09:00:00Z");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> accounting().begin(aCall().by("ann").session("s1").request()))
          .isInstanceOf(QuotaExceededException.class);
    }
    reserve(aCall().by("bob"));
    clock.advance(ofMinutes(1));
    another().quotas().reserve(aCall().by("ann").request());

    List<DenialCount> denials = accounting().admin().denials(TimeRange.always());

    assertThat(denials)
        .extracting(denial -> denial.subject() + " " + denial.minute() + " " + denial.count())
        .containsExactly(
            "user=ann " + minute.plusSeconds(60) + " 1",
            "user=ann " + minute + " 3",
            "user=bob " + minute + " 1");
    assertThat(denials.get(0).lastReason()).contains("\"none\"").contains("never fits");
    assertThat(denials.get(0).lastRequested()).isEqualTo(1);
    assertThat(accounting().admin().denials(new TimeRange(minute, minute.plusSeconds(60))))
        .hasSize(2);
  }

  /** Every limit says what it does about a call, and why. */
  @Test
  final void everyLimitExplainsItself() {
    save(Limit.named("a applies").user("ann").requests(5).lifetime());
    save(Limit.named("b lifted").totalTokens(1).lifetime());
    save(Limit.named("c exempts").user("ann").unlimited(Metric.TOTAL_TOKENS));
    save(Limit.named("d watches bob").user("bob").requests(1).lifetime());
    save(Limit.named("e denies").model("gpt-5-mini").requests(0).lifetime());
    track(aCall().by("ann"));

    Explanation explanation = accounting().quotas().explain(aCall().by("ann").request());

    assertThat(explanation.decision()).isDenied().byExactly("e denies");
    assertThat(explanation.limits())
        .extracting(Explanation.Verdict::effect)
        .containsExactly(
            Effect.APPLIES, Effect.LIFTED, Effect.EXEMPTS, Effect.DOES_NOT_WATCH, Effect.APPLIES);
    assertThat(explanation.limits())
        .extracting(Explanation.Verdict::because)
        .satisfiesExactly(
            applies -> assertThat(applies).isEqualTo("used 1, held 0, left 4"),
            lifted -> assertThat(lifted).contains("\"c exempts\""),
            exempts -> assertThat(exempts).contains("TOTAL_TOKENS"),
            other -> assertThat(other).contains("user is bob").contains("ann"),
            denies -> assertThat(denies).startsWith("used 1"));
  }

  /** A denial says in words what stands in the way. */
  @Test
  final void aDenialReadsAsASentence() {
    save(Limit.named("daily").user("ann").cost(Cost.usd("5")).calendar(1, CalendarUnit.DAY, UTC));
    track(aCall().by("ann").costing("4.90"));

    assertThat(check(aCall().by("ann").costing("0.25")).toString())
        .isEqualTo(
            "COST limit \"daily\" of $5.00, calendar day (UTC), user is ann has no room for $0.25"
                + " (used $4.90, held $0.00); fits in PT15H");
  }

  @Test
  @DisplayName("asking writes nothing, whether or not its caller waits")
  final void askingWritesNothing() {
    save(Limit.named("each").eachUser().requests(1).lifetime());
    Attribution mine = aCall().by("mine").usage().attribution();
    try (CallContext.Scope unused = CallContext.of(mine).open()) {
      assertThat(check(aCall().by("theirs"))).isAdmitted();
      Decision asked =
          accounting()
              .quotas()
              .checkAsync(CallRequest.to("m"))
              .toCompletableFuture()
              .orTimeout(30, TimeUnit.SECONDS)
              .join();
      assertThat(((Decision.Admitted) asked).limits())
          .singleElement()
          .satisfies(status -> assertThat(status.subject()).contains("mine"));
    }

    assertThat(backend().maintenance().inspect(LedgerSnapshot::counters)).isEmpty();
    assertThat(backend().maintenance().retention().count(Leftover.IDLE_COUNTERS, clock.instant()))
        .isZero();
  }
}
