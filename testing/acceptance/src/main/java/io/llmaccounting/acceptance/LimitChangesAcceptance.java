package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.Limits;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.limit.Window;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Limits that are saved, replaced and deleted while usage goes on. */
public class LimitChangesAcceptance extends AcceptanceTest {
  /** faults B6. */
  @Test
  final void aBillingDayIsKeptWithItsLimitAndAMovedOneCountsAnew() {
    Window.Calendar bill =
        Window.calendarMonth(ZoneId.of("Europe/Berlin"))
            .startingOn(31)
            .startingAt(LocalTime.of(6, 0));
    save(Limit.named("bill").requests(2).over(bill));
    clock.set("2024-02-29T04:59:59Z");
    track(aCall());
    clock.set("2024-02-29T05:00:00Z");
    track(2, aCall());

    assertThat(another().limits().find("bill")).map(Limit::window).contains(bill);
    assertThat(check(aCall())).isDenied().used(2);
    assertThat(status("bill", aCall()).currentWindow())
        .isEqualTo(
            new TimeRange(
                Instant.parse("2024-02-29T05:00:00Z"), Instant.parse("2024-03-31T04:00:00Z")));
    assertThat(status("bill", aCall()).resetsAt()).contains(Instant.parse("2024-03-31T04:00:00Z"));
    assertThat(accounting().quotas().explain(aCall().request()).toString()).contains("used 2");

    save(Limit.named("bill").requests(2).over(bill.startingOn(29)));
    assertThat(used("bill", aCall())).isEqualTo(2);
    save(Limit.named("bill").requests(2).over(bill.startingOn(28)));
    assertThat(used("bill", aCall())).isEqualTo(3);
  }

  private static Limit daily(long requests) {
    return Limit.named("daily").requests(requests).calendar(1, CalendarUnit.DAY, UTC);
  }

  /** Scenario 29. */
  @Test
  final void savingALimitAgainReplacesIt() {
    save(daily(5));
    save(daily(5));

    assertThat(accounting().limits().list()).containsExactly(daily(5));
    track(5, aCall());
    assertThat(check(aCall())).isDenied().byExactly("daily").used(5);
  }

  /** Scenario 29. */
  @Test
  final void limitsOnTheSameCallsOverDifferentWindowsCoexist() {
    save(Limit.named("minute").user("u").requests(1).calendar(1, CalendarUnit.MINUTE, UTC));
    save(Limit.named("day").user("u").requests(2).calendar(1, CalendarUnit.DAY, UTC));
    track(aCall().by("u"));

    assertThat(check(aCall().by("u"))).isDenied().byExactly("minute");
    clock.advance(ofMinutes(1));
    track(aCall().by("u"));
    clock.advance(ofMinutes(1));
    assertThat(check(aCall().by("u"))).isDenied().byExactly("day");
  }

  /** Scenario 30. */
  @Test
  final void nonsenseIsRefusedAtDefinition() {
    refused(() -> Limit.named("x").requests(1).rolling(Duration.ZERO));
    refused(() -> Limit.named("x").requests(1).rolling(ofSeconds(-1)));
    refused(() -> Limit.named("x").requests(1).calendar(0, CalendarUnit.DAY, UTC));
    refused(() -> Limit.named("x").requests(1).calendar(-1, CalendarUnit.DAY, UTC));
    refused(() -> Limit.named("x").requests(1).rollingMonths(0));
    refused(() -> Limit.named("x").requests(-1));
    refused(() -> Limit.named("x").cost(Cost.usd("-2")));
    refused(() -> Limit.named("x").user(" "));
    refused(() -> Limit.named(" ").requests(1));

    assertThat(accounting().limits().list()).isEmpty();
    assertThat(check(aCall())).isAdmitted();
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  /** Scenario 31. */
  @Test
  final void aDenialOfALargeCallSaysNothingAboutASmallOne() {
    save(Limit.named("input").inputTokens(1_000).calendar(1, CalendarUnit.DAY, UTC));

    assertThat(reserve(aCall().tokens(5_000, 0)).decision()).isDenied().neverFits();
    assertThat(reserve(aCall().tokens(1, 0)).decision()).isAdmitted();
  }

  /** Scenario 32. */
  @Test
  final void aChangeTakesEffectAtOnceInTheSameInstance() {
    track(aCall());
    assertThat(check(aCall())).isAdmitted();

    save(daily(1));
    assertThat(check(aCall())).isDenied();
    assertThat(reserve(aCall()).decision()).isDenied();
    save(daily(2));
    assertThat(check(aCall())).isAdmitted().leaves("daily", 1);
    save(daily(0));
    assertThat(check(aCall())).isDenied().neverFits();
    assertThat(accounting().limits().delete("daily")).isTrue();
    assertThat(check(aCall())).isAdmitted();
    assertThat(accounting().limits().delete("daily")).isFalse();
  }

  /** Scenario 32. */
  @Test
  final void aRepeatedDenialEndsWithTheWindow() {
    save(daily(1));
    track(aCall());
    for (int i = 0; i < 5; i++) {
      assertThat(reserve(aCall()).decision()).isDenied();
    }

    clock.advance(ofHours(15));

    assertThat(reserve(aCall()).decision()).isAdmitted();
  }

  /** Scenario 32. */
  @Test
  final void anotherInstanceSeesAChangeWithinTheStalenessAndAtOnceWhenItReserves() {
    LlmAccounting other = another(settings -> settings.staleness(ofSeconds(1)));
    assertThat(other.quotas().check(aCall().request())).isAdmitted();

    save(daily(0));

    clock.advance(ofMillis(1_001));
    assertThat(other.quotas().check(aCall().request())).isDenied().byExactly("daily");
    save(daily(1));
    assertThat(other.quotas().reserve(aCall().request()).decision()).isAdmitted();
    save(daily(0));
    assertThat(other.quotas().reserve(aCall().request()).decision()).isDenied();
    accounting().limits().delete("daily");
    assertThat(other.quotas().reserve(aCall().request()).decision()).isAdmitted();
  }

  /** A new limit counts usage that already happened inside its window. */
  @Test
  final void aNewLimitCountsWhatHappenedBefore() {
    track(aCall().by("a").tokens(10, 5), clock.instant().minus(ofHours(3)));
    track(aCall().by("a").tokens(20, 5), clock.instant().minus(ofHours(1)));
    track(aCall().by("b").tokens(40, 5), clock.instant().minus(ofHours(1)));

    save(Limit.named("two hours").eachUser().inputTokens(100).rolling(ofHours(2)));
    save(Limit.named("ever").inputTokens(100).lifetime());
    save(Limit.named("today").requests(9).calendar(1, CalendarUnit.DAY, UTC));

    assertThat(used("two hours", aCall().by("a"))).isEqualTo(20);
    assertThat(used("two hours", aCall().by("b"))).isEqualTo(40);
    assertThat(used("two hours", aCall().by("c"))).isZero();
    assertThat(used("ever", aCall())).isEqualTo(70);
    assertThat(used("today", aCall())).isEqualTo(3);
  }

  /** A changed maximum, action, threshold or policy keeps what is used and held. */
  @Test
  final void aChangedMaximumKeepsWhatIsUsedAndHeld() {
    Limit limit = Limit.named("cost").cost(Cost.usd("5")).rolling(ofHours(1));
    save(limit);
    track(aCall().costing("2"));
    hold(aCall().costing("1"));

    save(limit.withMaximum(Cost.usd("3").nanos()));
    assertThat(check(aCall().costing("0.1"))).isDenied().used(2_000_000_000L).held(1_000_000_000L);
    save(limit.warning().alertingAt(50).onUnpriced(UnpricedPolicy.ADMIT));
    assertThat(held("cost", aCall().costing("0"))).isEqualTo(1_000_000_000L);
    assertThat(used("cost", aCall().costing("0"))).isEqualTo(2_000_000_000L);
  }

  /** That a limit on requests becomes exact below a maximum is no reason to count anew. */
  @Test
  final void aMaximumThatChangesTheGrainKeepsWhatIsUsedAndHeld() {
    Limit limit = Limit.named("hour").requests(100).rolling(ofHours(1));
    save(limit);
    track(2, aCall());
    hold(aCall());
    clock.advance(ofMinutes(5));

    save(limit.withMaximum(500));
    track(aCall());
    hold(aCall());
    assertThat(used("hour", aCall())).isEqualTo(3);
    assertThat(held("hour", aCall())).isEqualTo(2);
    clock.advance(ofMillis(123));
    save(limit.withMaximum(50));
    track(aCall());

    assertThat(used("hour", aCall())).isEqualTo(4);
    assertThat(held("hour", aCall())).isEqualTo(2);
    for (int second = 0; second < 70 * 60; second += 61) {
      clock.advance(ofSeconds(61));
      assertThat(accounting().admin().verify().differences()).isEmpty();
    }
    assertThat(used("hour", aCall())).isZero();
  }

  /** Any other change counts anew what the records say. */
  @Test
  final void aChangedWindowOrMetricCountsAnew() {
    track(aCall().by("a").tokens(10, 5), clock.instant().minus(ofHours(3)));
    track(aCall().by("b").tokens(20, 5));
    save(Limit.named("limit").inputTokens(100).rolling(ofHours(1)));
    assertThat(used("limit", aCall())).isEqualTo(20);

    save(Limit.named("limit").inputTokens(100).rolling(ofHours(5)));
    assertThat(used("limit", aCall())).isEqualTo(30);
    save(Limit.named("limit").outputTokens(100).rolling(ofHours(5)));
    assertThat(used("limit", aCall())).isEqualTo(10);
    save(Limit.named("limit").user("a").requests(100).rolling(ofHours(5)));
    assertThat(used("limit", aCall().by("a"))).isEqualTo(1);
  }

  /** Exempt usage is not counted on what it lifts, before and after the exemption. */
  @Test
  final void exemptionsThatComeAndGoAreCountedAnew() {
    save(daily(10));
    track(2, aCall().by("bob"));
    track(3, aCall().by("ann"));

    save(Limit.named("bob").user("bob").unlimited(Metric.REQUESTS));
    track(2, aCall().by("bob"));
    assertThat(used("daily", aCall().by("ann"))).isEqualTo(3);
    save(Limit.named("bob").user("ann").unlimited(Metric.REQUESTS));
    assertThat(used("daily", aCall().by("bob"))).isEqualTo(4);
    accounting().limits().delete("bob");
    assertThat(used("daily", aCall().by("ann"))).isEqualTo(7);
  }

  /** Applications save their limits at every start; that must not cost the calls under way. */
  @Test
  final void savingAnExemptionAgainKeepsWhatIsHeld() {
    save(daily(1));
    save(Limit.named("bob").user("bob").unlimited(Metric.REQUESTS));
    hold(aCall());

    save(Limit.named("bob").user("bob").unlimited(Metric.REQUESTS));

    assertThat(check(aCall())).isDenied().held(1);
  }

  /** Every change leaves an entry, whatever the name. */
  @Test
  final void changesLeaveAnAuditEntry() {
    String name = "n".repeat(62) + "\uD83D\uDE00 and more";
    save(Limit.named(name).requests(1).lifetime());
    accounting().limits().delete(name);

    List<AuditEntry> entries =
        accounting().audit().find(AuditQuery.latest(10).ofType(AuditEntry.ADMIN));
    assertThat(entries)
        .extracting(AuditEntry::outcome)
        .containsExactlyInAnyOrder("limit saved", "limit deleted");
    assertThat(entries)
        .allSatisfy(entry -> assertThat(entry.attributes()).containsEntry("limit", name));
  }

  /** faults E7: an entry says who changed what, from what to what. */
  @Test
  final void anEntryHasOldAndNewValuesAndWhoDidIt() {
    Limits limits = accounting().limits().by("ops");
    limits.save(Limit.named("cap").requests(5).lifetime());
    limits.save(Limit.named("cap").requests(7).lifetime().warning());
    limits.save(Limit.named("cap").requests(7).lifetime().warning());
    limits.delete("cap");

    List<AuditEntry> entries =
        accounting().audit().find(AuditQuery.latest(10).ofType(AuditEntry.ADMIN));
    assertThat(entries).extracting(AuditEntry::actor).containsOnly("ops").hasSize(4);
    assertThat(entries)
        .extracting(entry -> entry.attributes().get("change"))
        .containsExactlyInAnyOrder("created", "changed", "none", "deleted");
    assertThat(attributes(entries, "created"))
        .doesNotContainKey("old")
        .hasEntrySatisfying("new", text -> assertThat(text).contains("maximum=5", "action=DENY"));
    assertThat(attributes(entries, "changed"))
        .containsEntry("old", "maximum=5; action=DENY")
        .containsEntry("new", "maximum=7; action=WARN");
    assertThat(attributes(entries, "none")).doesNotContainKeys("old", "new");
    assertThat(attributes(entries, "deleted"))
        .doesNotContainKey("new")
        .hasEntrySatisfying("old", text -> assertThat(text).contains("maximum=7", "action=WARN"));
  }

  private static Map<String, String> attributes(List<AuditEntry> entries, String change) {
    return entries.stream()
        .map(AuditEntry::attributes)
        .filter(attributes -> change.equals(attributes.get("change")))
        .findFirst()
        .orElseThrow();
  }

  /** faults B5. */
  @Test
  final void limitsSavedTogetherCountWhatWasUsedAndIsHeld() {
    track(3, aCall());
    hold(aCall());

    accounting()
        .limits()
        .saveAll(
            java.util.List.of(
                Limit.named("one").requests(9).rolling(java.time.Duration.ofHours(1)),
                Limit.named("two").eachUser().requests(9).rolling(java.time.Duration.ofHours(2))));

    for (String name : java.util.List.of("one", "two")) {
      assertThat(used(name, aCall())).isEqualTo(3);
      assertThat(held(name, aCall())).isEqualTo(1);
    }
  }

  /**
   * faults B5: records flow while limits are saved; afterwards nothing is missed or let through.
   */
  @Test
  final void limitsSavedWhileCallsGoOnCountEachOfThemAndLetNoneThrough() throws Exception {
    LlmAccounting elsewhere = another();
    CountDownLatch underWay = new CountDownLatch(50);
    CountDownLatch saved = new CountDownLatch(1);
    AtomicInteger admitted = new AtomicInteger();

    Crowd.run(
        5,
        number -> {
          if (number == 0) {
            underWay.await();
            save(Limit.named("room").requests(450).lifetime());
            saved.countDown();
            for (int i = 0; i < 4; i++) {
              save(Limit.named("cost " + i).cost(Cost.usd("1000")).rolling(ofHours(9 + i)));
            }
            return;
          }
          LlmAccounting mine = number % 2 == 0 ? accounting() : elsewhere;
          for (int i = 0; i < 150; i++) {
            if (i == 100) {
              saved.await();
            }
            CallFixture call = aCall().costing("0.01");
            Optional<HeldCall> held = mine.quotas().reserve(call.request()).hold();
            if (held.isPresent()) {
              held.get().settle(call.id(held.get().id()).usage());
              admitted.incrementAndGet();
            }
            underWay.countDown();
          }
        });

    assertThat(admitted).hasValue(450);
    assertThat(used("room", aCall())).isEqualTo(450);
    assertThat(held("room", aCall())).isZero();
    for (int i = 0; i < 4; i++) {
      assertThat(used("cost " + i, aCall())).isEqualTo(4_500_000_000L);
    }
    assertThat(accounting().admin().verify().isClean()).isTrue();
  }
}
