package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a denied call would fit. */
public class RetryAcceptance extends AcceptanceTest {
  private static final Duration MICRO = ofNanos(1_000);

  /** Scenario 18. */
  @Test
  final void calendarWindowsNameTheirEnd() {
    assertRetry(CalendarUnit.MINUTE, "2024-01-15T10:00:30Z", 30);
    assertRetry(CalendarUnit.DAY, "2024-01-15T12:00:00Z", 43_200);
    assertRetry(CalendarUnit.MONTH, "2024-01-15T10:00:00Z", 1_432_800);
  }

  private void assertRetry(CalendarUnit unit, String now, long seconds) {
    clock.set(now);
    save(Limit.named("limit").user(unit.name()).requests(1).calendar(1, unit, UTC));
    track(aCall().by(unit.name()));

    assertThat(check(aCall().by(unit.name()))).isDenied().retryAfter(ofSeconds(seconds));
  }

  /** Scenario 19. */
  @Test
  final void aRollingWindowNamesTheInstantAtWhichTheOldestCallLeaves() {
    save(Limit.named("hour").requests(2).rolling(ofHours(1)));
    clock.set("2026-03-02T10:00:00Z");
    track(aCall());
    clock.set("2026-03-02T10:20:00Z");
    track(aCall());

    clock.set("2026-03-02T10:30:00Z");

    assertThat(check(aCall())).isDenied().used(2).retryAfter(ofMinutes(30));
  }

  /** Scenario 20. */
  @Test
  final void aRollingWindowNamesTheInstantAtWhichEnoughHasLeft() {
    save(Limit.named("hour").totalTokens(1_000).rolling(ofHours(1)).withGrain(MICRO));
    clock.set("2026-03-02T10:00:00Z");
    track(aCall().tokens(600, 0));
    clock.set("2026-03-02T10:20:00Z");
    track(aCall().tokens(300, 0));

    clock.set("2026-03-02T10:30:00Z");

    assertThat(check(aCall().tokens(500, 0))).isDenied().retryAfter(ofMinutes(30));
    assertThat(check(aCall().tokens(800, 0))).isDenied().retryAfter(ofMinutes(50));
    assertThat(check(aCall().tokens(1_200, 0))).isDenied().neverFits();
  }

  /** Scenario 21. */
  @Test
  final void wholeSecondsAreRoundedUp() {
    save(Limit.named("minute").requests(1).calendar(1, CalendarUnit.MINUTE, UTC));
    clock.set("2026-03-02T10:00:30.250001Z");
    track(aCall());

    Decision.Denied denied = (Decision.Denied) check(aCall());

    assertThat(denied.retryAfter()).contains(Duration.ofNanos(29_749_999_000L));
    assertThat(denied.retryAfterSeconds()).contains(30L);
    clock.advance(ofSeconds(30));
    assertThat(check(aCall())).isAdmitted();
  }

  /** A lifetime limit whose use alone leaves no room never fits; one that is only held may. */
  @Test
  final void aSpentLifetimeNeverFitsButAHeldOneFitsWhenItsHoldExpires() {
    save(Limit.named("spent").user("a").requests(1).lifetime());
    save(Limit.named("held").user("b").requests(1).lifetime());
    track(aCall().by("a"));
    hold(aCall().by("b"));

    assertThat(check(aCall().by("a"))).isDenied().neverFits();
    assertThat(check(aCall().by("b"))).isDenied().held(1).retryAfter(ofMinutes(10));
  }

  /** The request fits when the last of its limits has room; all of them are named. */
  @Test
  final void theLatestLimitDecidesWhenTheCallFits() {
    save(Limit.named("minute").requests(1).calendar(1, CalendarUnit.MINUTE, UTC));
    save(Limit.named("hour").requests(1).calendar(1, CalendarUnit.HOUR, UTC));
    save(Limit.named("dear").cost(Cost.usd("0.5")).lifetime());
    track(aCall().costing("0"));

    assertThat(check(aCall().costing("0")))
        .isDenied()
        .byExactly("hour", "minute")
        .retryAfter(ofHours(1));
    assertThat(check(aCall().costing("1")))
        .isDenied()
        .byExactly("dear", "hour", "minute")
        .neverFits();
  }

  /** At the instant promised the call is admitted, one microsecond earlier it is not. */
  @Test
  final void theInstantPromisedIsExact() {
    assertExactRetries(Limit.named("exact").requests(7).rolling(ofSeconds(10)), 1);
    assertExactRetries(Limit.named("coarse").totalTokens(5_000).rolling(ofMinutes(3)), 2);
    assertExactRetries(
        Limit.named("calendar").totalTokens(5_000).calendar(7, CalendarUnit.SECOND, UTC), 3);
    assertExactRetries(Limit.named("months").totalTokens(50_000_000).rollingMonths(1), 4);
  }

  private void assertExactRetries(Limit limit, long seed) {
    save(limit);
    Random random = new Random(seed);
    int denials = 0;
    for (int round = 0; round < 150; round++) {
      clock.advance(Duration.of(random.nextLong(3_000_000), java.time.temporal.ChronoUnit.MICROS));
      long size = limit.maximum() * (1 + random.nextInt(9)) / 10;
      Decision decision = check(aCall().tokens(size, 0));
      if (decision instanceof Decision.Denied denied) {
        denials++;
        Instant fits = denied.fitsAt().orElseThrow();
        clock.set(fits.minus(MICRO));
        assertThat(check(aCall().tokens(size, 0))).as("seed %d round %d", seed, round).isDenied();
        clock.set(fits);
        assertThat(check(aCall().tokens(size, 0))).as("seed %d round %d", seed, round).isAdmitted();
      }
      HeldCall held = hold(aCall().tokens(size, 0));
      if (random.nextBoolean()) {
        settle(held, aCall().tokens(size / 2, 0));
      }
    }
    assertThat(denials).as("denials with seed %d", seed).isGreaterThan(20);
    accounting().limits().delete(limit.name());
  }

  @Test
  @DisplayName("faults G9: only so many subjects of a day are told apart in the counts of denials")
  final void deniedSubjectsAreBounded() {
    save(Limit.named("each").eachSession().requests(0).lifetime());
    save(Limit.named("all").requests(0).lifetime());
    try (LlmAccounting bounded = another(settings -> settings.deniedSubjects(3))) {
      for (int i = 0; i < 20; i++) {
        bounded.quotas().reserve(CallRequest.to("m").session("s" + i % 10));
      }

      assertThat(counted(bounded))
          .containsOnly(
              entry("each session=s0", 2L),
              entry("each session=s1", 2L),
              entry("each session=s2", 2L),
              entry("each " + DenialCount.OTHERS, 14L),
              entry("all ", 20L));
      assertThat(bounded.health().counts().unnamed()).isEqualTo(14);
      clock.advance(Duration.ofDays(1));
      bounded.quotas().reserve(CallRequest.to("m").session("s9"));
      assertThat(counted(bounded)).containsEntry("each session=s9", 1L);
    }
  }

  private static Map<String, Long> counted(LlmAccounting accounting) {
    return accounting.admin().denials(TimeRange.always()).stream()
        .collect(
            Collectors.toMap(
                denial -> denial.limit() + " " + denial.subject(), DenialCount::count, Long::sum));
  }
}
