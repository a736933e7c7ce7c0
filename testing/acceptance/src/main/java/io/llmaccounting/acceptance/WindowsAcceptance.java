package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** When usage counts, and when it no longer does. */
public class WindowsAcceptance extends AcceptanceTest {
  private static final Duration MICRO = ofNanos(1_000);

  /** Scenario 9. */
  @Test
  final void calendarWindowsBeginWhereTheCalendarSays() {
    assertWindow(5, CalendarUnit.MINUTE, "2024-03-13T10:37:45Z", "2024-03-13T10:35:00Z");
    assertReset("2024-03-13T10:40:00Z");
    assertWindow(1, CalendarUnit.DAY, "2024-03-13T10:37:45Z", "2024-03-13T00:00:00Z");
    assertReset("2024-03-14T00:00:00Z");
    assertWindow(1, CalendarUnit.WEEK, "2024-03-13T10:37:45Z", "2024-03-11T00:00:00Z");
    assertReset("2024-03-18T00:00:00Z");
    assertWindow(2, CalendarUnit.WEEK, "2024-03-11T00:00:00Z", "2024-03-04T00:00:00Z");
    assertReset("2024-03-18T00:00:00Z");
    assertWindow(1, CalendarUnit.MONTH, "2024-03-15T10:37:45Z", "2024-03-01T00:00:00Z");
    assertReset("2024-04-01T00:00:00Z");
    assertWindow(3, CalendarUnit.MONTH, "2024-03-15T10:37:45Z", "2024-01-01T00:00:00Z");
    assertReset("2024-04-01T00:00:00Z");
  }

  /** Scenario 11. */
  @Test
  final void december15LiesInAMonthThatEndsWithTheYear() {
    assertWindow(1, CalendarUnit.MONTH, "2024-12-15T00:00:00Z", "2024-12-01T00:00:00Z");
    assertReset("2025-01-01T00:00:00Z");
  }

  private void assertWindow(int count, CalendarUnit unit, String now, String start) {
    save(Limit.named("window").requests(1).calendar(count, unit, UTC));
    clock.set(now);
    assertThat(window().from()).isEqualTo(start);
  }

  private void assertReset(String reset) {
    assertThat(status("window", aCall()).resetsAt()).contains(Instant.parse(reset));
  }

  private TimeRange window() {
    return status("window", aCall()).currentWindow();
  }

  /** Scenario 10. */
  @Test
  final void windowsOfOddLengthTileTime() {
    assertTiles(7, CalendarUnit.MINUTE, ofMinutes(7));
    assertTiles(90, CalendarUnit.SECOND, ofSeconds(90));
    assertTiles(48, CalendarUnit.HOUR, ofDays(2));
  }

  private void assertTiles(int count, CalendarUnit unit, Duration length) {
    save(Limit.named("window").requests(1).calendar(count, unit, UTC));
    clock.set("2024-03-13T10:37:45Z");
    TimeRange previous = window();
    assertThat(previous.contains(clock.instant())).isTrue();
    for (int i = 0; i < 20; i++) {
      track(aCall());
      assertThat(check(aCall())).isDenied();
      clock.set(previous.to().minus(MICRO));
      assertThat(window()).isEqualTo(previous);
      clock.set(previous.to());
      assertThat(window().from()).isEqualTo(previous.to());
      assertThat(Duration.between(window().from(), window().to())).isEqualTo(length);
      assertThat(check(aCall())).isAdmitted();
      previous = window();
    }
  }

  /** Days have 23 or 25 hours where clocks change, and begin at the zone's midnight. */
  @Test
  final void daysAreThoseOfTheLimitsZone() {
    save(
        Limit.named("window")
            .requests(1)
            .calendar(1, CalendarUnit.DAY, ZoneId.of("Europe/Berlin")));
    clock.set("2026-03-28T23:00:00Z");
    track(aCall());

    clock.advance(ofHours(23).minus(MICRO));

    assertThat(check(aCall())).isDenied().retryAfter(MICRO);
    clock.advance(MICRO);
    assertThat(check(aCall())).isAdmitted();
  }

  /** Scenario 11. */
  @Test
  final void rollingMonthsClampADayThatDoesNotExist() {
    clock.set("2024-01-30T08:00:00Z");
    save(Limit.named("month").requests(9).rollingMonths(1));
    track(aCall());
    clock.set("2024-01-31T07:00:00Z");
    track(aCall());
    clock.set("2024-02-10T12:00:00Z");
    track(aCall());

    clock.set("2024-02-29T06:59:59.999999Z");
    assertThat(used("month", aCall())).isEqualTo(3);
    clock.set("2024-02-29T07:00:00Z");
    assertThat(used("month", aCall())).isEqualTo(2);
    clock.set("2024-02-29T08:00:00Z");
    assertThat(used("month", aCall())).isEqualTo(1);
    clock.set("2024-03-30T00:00:00Z");
    assertThat(used("month", aCall())).isZero();
  }

  /** Scenario 12. */
  @Test
  final void aRollingMonthLooksBackToTheSameDayAndTimeOfTheMonthBefore() {
    clock.set("2024-03-15T10:30:00Z");
    track(aCall(), Instant.parse("2024-02-10T12:00:00Z"));
    track(aCall(), Instant.parse("2024-02-15T10:30:00Z"));
    track(aCall(), Instant.parse("2024-02-15T10:30:00.000001Z"));
    save(Limit.named("month").requests(9).rollingMonths(1));

    assertThat(used("month", aCall())).isEqualTo(1);
    track(aCall(), Instant.parse("2024-02-12T00:00:00Z"));
    track(aCall(), Instant.parse("2024-02-16T00:00:00Z"));
    assertThat(used("month", aCall())).isEqualTo(2);
  }

  /** Scenario 13. */
  @Test
  final void usageLeavesARollingWindowExactlyItsLengthLater() {
    save(Limit.named("hour").requests(1).rolling(ofHours(1)));
    clock.set("2026-03-02T09:00:00.123456Z");
    track(aCall());

    clock.set("2026-03-02T10:00:00.123455Z");
    assertThat(check(aCall())).isDenied().retryAfter(MICRO);
    clock.set("2026-03-02T10:00:00.123456Z");
    assertThat(check(aCall())).isAdmitted();
  }

  /** Scenario 14. */
  @Test
  final void rollingSecondsCountWhatLiesInside() {
    Instant now = clock.instant();
    save(Limit.named("ten seconds").user("a").requests(3).rolling(ofSeconds(10)));
    save(Limit.named("five seconds").user("b").requests(2).rolling(ofSeconds(5)));
    for (long age : new long[] {1_000, 3_000, 5_000}) {
      track(aCall().by("a"), now.minusMillis(age));
    }
    for (long age : new long[] {1_000, 7_000, 10_500}) {
      track(aCall().by("b"), now.minusMillis(age));
    }

    assertThat(check(aCall().by("a"))).isDenied().used(3).retryAfter(ofSeconds(5));
    assertThat(check(aCall().by("b"))).isAdmitted().leaves("five seconds", 1);
  }

  /** Scenario 15. */
  @Test
  final void eachOfTwoWindowsOnTheSameCallsDecides() {
    save(Limit.named("day").requests(10).calendar(1, CalendarUnit.DAY, UTC));
    save(Limit.named("minute").requests(2).rolling(ofMinutes(1)));
    track(aCall(), clock.instant().minus(ofHours(2)));
    track(aCall(), clock.instant().minus(ofSeconds(30)));
    track(aCall(), clock.instant().minus(ofSeconds(20)));

    assertThat(check(aCall())).isDenied().byExactly("minute").used(2).retryAfter(ofSeconds(30));
    assertThat(used("day", aCall())).isEqualTo(3);
  }

  /** Scenario 16. */
  @Test
  final void aCallStampedAheadCountsNowAndOneStampedTooFarAheadIsRefused() {
    save(Limit.named("minute").requests(2).calendar(1, CalendarUnit.MINUTE, UTC));

    track(aCall(), clock.instant().plus(ofMinutes(5)));

    assertThat(used("minute", aCall())).isEqualTo(1);
    assertThatThrownBy(() -> track(aCall(), clock.instant().plus(ofMinutes(5)).plus(MICRO)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("occurredAt")
        .hasMessageContaining("PT5M");
    assertThat(accounting().tail()).hasSize(1);
    assertThat(stored(accounting().tail().get(0).usage().id()).chargedAt())
        .isEqualTo(clock.instant());
  }

  /** Scenario 17. */
  @Test
  final void theZoneOfTheProcessChangesNothing() {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      clock.set("2026-03-08T07:30:00.000001Z");
      save(Limit.named("day").requests(1).calendar(1, CalendarUnit.DAY, UTC));
      Instant stored =
          accounting().track(aCall().at(clock.instant()).usage()).remaining().get(0).at();

      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));

      assertThat(stored).isEqualTo("2026-03-08T07:30:00.000001Z");
      assertThat(accounting().tail().get(0).usage().occurredAt())
          .isEqualTo("2026-03-08T07:30:00.000001Z");
      assertThat(check(aCall()))
          .isDenied()
          .retryAfter(Duration.between(clock.instant(), Instant.parse("2026-03-09T00:00:00Z")));
      assertThat(accounting().report(TimeRange.today(UTC)).run()).hasCalls(1);
    } finally {
      TimeZone.setDefault(before);
    }
  }

  /** Usage that arrives late counts from when it was made, and not at all once that has left. */
  @Test
  final void lateArrivalsLeaveByTheirOwnInstants() {
    save(Limit.named("minute").requests(3).rolling(ofMinutes(1)));
    track(aCall());
    track(aCall(), clock.instant().minus(ofSeconds(40)));
    track(aCall(), clock.instant().minus(ofSeconds(60)));

    assertThat(used("minute", aCall())).isEqualTo(2);
    clock.advance(ofSeconds(20));
    assertThat(used("minute", aCall())).isEqualTo(1);
    clock.advance(ofSeconds(40));
    assertThat(used("minute", aCall())).isZero();
  }

  /** A clock that is put back frees nothing and admits nothing that has not left. */
  @Test
  final void aCounterNeverRunsBackwards() {
    save(Limit.named("second").requests(1).rolling(ofSeconds(10)));
    clock.advance(ofSeconds(30));
    track(aCall());

    clock.advance(ofSeconds(-30));

    assertThat(check(aCall())).isDenied();
    clock.advance(ofSeconds(40).minus(ofMillis(1)));
    assertThat(check(aCall())).isDenied();
    clock.advance(ofMillis(1));
    assertThat(check(aCall())).isAdmitted();
  }

  /** faults B3: instants told are the true ones, for tokens and money as for requests. */
  @Test
  final void aWindowOfTokensFreesCapacityExactlyWhenTheUseIsAsOldAsTheWindow() {
    save(Limit.named("tokens").totalTokens(100).rolling(ofHours(1)));
    save(Limit.named("money").cost(Cost.usd("1")).rolling(ofHours(1)));
    clock.advance(ofSeconds(7).plus(MICRO));
    track(aCall().tokens(100, 0).costing("1"));

    assertThat(check(aCall().tokens(100, 0).costing("1"))).isDenied().retryAfter(ofHours(1));
    assertThat(check(aCall().tokens(1, 0).costing("0")).toString())
        .contains("fits in PT1H")
        .doesNotContain("steps");
    assertThat(status("tokens", aCall()).isExact()).isTrue();
    clock.advance(ofHours(1).minus(MICRO));
    assertThat(check(aCall().tokens(1, 0).costing("1"))).isDenied();
    clock.advance(MICRO);
    assertThat(check(aCall().tokens(100, 0).costing("1"))).isAdmitted();
  }

  /** faults B3: what is coarse says so, frees capacity less than one grain late, never earlier. */
  @Test
  final void aCrowdedWindowSaysHowCoarseItIs() {
    Limit limit = save(Limit.named("tokens").totalTokens(100).rolling(ofHours(1)));
    for (int i = 0; i < 400; i++) {
      track(aCall().tokens(1, 0));
      clock.advance(ofSeconds(5));
    }

    assertThat(status("tokens", aCall()).grain()).isEqualTo(limit.grain());
    assertThat(check(aCall().tokens(1, 0)).toString()).contains("in steps of PT30S");
    assertThat(
            accounting().quotas().explain(aCall().tokens(1, 0).request()).limits().get(0).because())
        .contains("in steps of PT30S");
    assertThat(accounting().admin().verify().differences()).isEmpty();
    clock.advance(ofHours(1).plus(limit.grain()));
    assertThat(status("tokens", aCall()).isExact()).isTrue();
    assertThat(used("tokens", aCall())).isZero();
  }

  /** With a chosen grain a rolling window frees capacity less than one grain late. */
  @Test
  final void aCoarseWindowFreesCapacityLessThanOneGrainLate() {
    Limit limit =
        save(Limit.named("tokens").totalTokens(100).rolling(ofHours(1)).withGrain(ofSeconds(30)));
    clock.advance(ofSeconds(7));
    track(aCall().tokens(100, 0));

    clock.advance(ofHours(1).minus(MICRO));
    assertThat(check(aCall().tokens(1, 0))).isDenied();
    clock.advance(limit.grain());
    assertThat(check(aCall().tokens(100, 0))).isAdmitted();
  }

  /** faults B2. */
  @Test
  final void aCallersClockThatIsBehindLetsNobodyEscapeAShortWindow() {
    save(Limit.named("five").requests(5).rolling(ofMinutes(1)));
    LlmAccounting behind = another(it -> it.clock(() -> clock.instant().minusSeconds(45)));

    int admitted = 0;
    for (int i = 0; i < 20; i++) {
      if (behind.quotas().check(aCall().request()).isAdmitted()) {
        admitted++;
        behind.track().model("gpt-5").inputTokens(1).outputTokens(1).record();
      }
      clock.advance(ofSeconds(2));
    }

    assertThat(admitted).isEqualTo(5);
  }

  /** faults B2. */
  @Test
  final void aTimeThatIsGivenIsChargedAsItIs() {
    save(Limit.named("five").requests(5).rolling(ofMinutes(1)));
    Instant past = clock.instant().minusSeconds(45);

    Receipt given = accounting().track().model("m").at(past).record();
    Receipt left = accounting().track().model("m").record();

    assertThat(stored(given.id()).chargedAt()).isEqualTo(past);
    assertThat(stored(left.id()).chargedAt()).isEqualTo(clock.instant());
  }

  /** faults B2. */
  @Test
  final void aLedgersClockThatStepsBackFreesNothing() {
    save(Limit.named("five").requests(5).rolling(ofMinutes(1)));
    track(3, aCall());
    Instant before = clock.instant();

    clock.advance(ofSeconds(-45));
    Receipt late = accounting().track().model("gpt-5").record();

    assertThat(stored(late.id()).chargedAt()).isEqualTo(before);
    clock.set(before.plusSeconds(59));
    assertThat(used("five", aCall())).isEqualTo(4);
  }

  /** faults B6: a window that moves is an interval too. */
  @Test
  final void aRollingWindowIsTheIntervalBehindNow() {
    save(Limit.named("hour").requests(1).rolling(ofHours(1)));
    save(Limit.named("month").requests(1).rollingMonths(1));
    save(Limit.named("ever").requests(1).lifetime());

    Instant now = status("hour", aCall()).at();
    assertThat(status("hour", aCall()).currentWindow())
        .isEqualTo(new TimeRange(now.minus(ofHours(1)), now));
    assertThat(status("hour", aCall()).resetsAt()).isEmpty();
    assertThat(status("month", aCall()).currentWindow())
        .isEqualTo(new TimeRange(now.atOffset(ZoneOffset.UTC).minusMonths(1).toInstant(), now));
    assertThat(status("ever", aCall()).currentWindow()).isNull();
  }
}
