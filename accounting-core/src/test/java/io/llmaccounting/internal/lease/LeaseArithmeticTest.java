package io.llmaccounting.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.internal.lease.SliceSize.Question;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How large slices are, and for how long they are spent. */
class LeaseArithmeticTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long TERM = 5 * SECOND;

  @Test
  void aSliceIsWhatIsWantedAtMostHalfOfTheRoomForEachLease() {
    assertThat(SliceSize.of(new Question(1_000, 800, 1, 100, 1))).isEqualTo(100);
    assertThat(SliceSize.of(new Question(1_000, 800, 1, 900, 1))).isEqualTo(400);
    assertThat(SliceSize.of(new Question(1_000, 800, 4, 900, 1))).isEqualTo(100);
  }

  @Test
  void onTheLastStretchNobodyHasASlice() {
    assertThat(SliceSize.of(new Question(1_000, 50, 1, 20, 1))).isEqualTo(20);
    assertThat(SliceSize.of(new Question(1_000, 49, 1, 20, 1))).isZero();
    assertThat(SliceSize.of(new Question(1_000, 0, 1, 20, 1))).isZero();
    assertThat(SliceSize.of(new Question(1_000, -5, 1, 20, 1))).isZero();
    assertThat(SliceSize.of(new Question(10, 3, 1, 20, 1))).as("one call").isZero();
  }

  @Test
  void demandIsWhatATermSpendsInTheLongRun() {
    Demand demand = new Demand(0);
    long now = 0;
    for (int i = 0; i < 100; i++) {
      now += SECOND;
      demand.spend(10);
      demand.spend(10);
      demand.fold(now, TERM);
    }

    // twenty a second make a hundred in five, and one and a half terms are a hundred and fifty
    assertThat(demand.wanted()).isBetween(160L, 161L);
    assertThat(demand.typical()).isEqualTo(10);
    assertThat(demand.calls()).isBetween(9.99, 10.01);
    demand.fold(now + 20 * TERM, TERM);
    assertThat(demand.calls()).isLessThan(0.001);
  }

  @Test
  void aFastProcessWantsOneAndAHalfTermsOfItsSpending() {
    Demand demand = new Demand(0);
    for (int second = 1; second <= 60; second++) {
      for (int i = 0; i < 1_000; i++) {
        demand.spend(1);
      }
      demand.fold(second * SECOND, TERM);
    }

    assertThat(demand.wanted()).isBetween(7_490L, 7_510L);
  }

  @Test
  void timeIsToldByTheClockThatWentFurther() {
    AtomicLong nanos = new AtomicLong();
    ManualClock wall = ManualClock.create();
    LeaseClock clock = new LeaseClock(nanos::get, wall);
    LeaseClock.Moment then = clock.now();

    nanos.set(3 * SECOND);
    assertThat(LeaseClock.microsBetween(then, clock.now())).isEqualTo(3_000_000);
    wall.advance(Duration.ofSeconds(60));
    assertThat(LeaseClock.microsBetween(then, clock.now()))
        .as("the machine slept")
        .isEqualTo(60_000_000);
    wall.advance(Duration.ofHours(-2));
    assertThat(LeaseClock.microsBetween(then, clock.now()))
        .as("the clock was set back")
        .isEqualTo(3_000_000);
  }

  @Test
  void aLeaseIsSpentUntilATenthBeforeItExpiresAndNotOverTheEdgeOfAWindow() {
    assertThat(grant(Long.MAX_VALUE).spentUntil()).isEqualTo(1_004_500_000);
    assertThat(grant(1_002_000_000).spentUntil()).isEqualTo(1_002_000_000);
  }

  @Test
  void aLeaseIsRenewedAtHalfOfItsTermCountedFromBeforeItWasAskedFor() {
    Grant grant = grant(Long.MAX_VALUE);

    assertThat(grant.latest(at(100))).isEqualTo(1_000_100_000);
    assertThat(grant.isHalfOver(at(2_499))).isFalse();
    assertThat(grant.isHalfOver(at(2_500))).isTrue();
  }

  private static LeaseClock.Moment at(long millis) {
    return new LeaseClock.Moment(millis * 1_000_000, millis * 1_000);
  }

  private static Grant grant(long leaves) {
    Limit limit = Limit.named("l").requests(10).lifetime().leased();
    LimitStatus status = new LimitStatus(limit, "", ManualClock.START, 0, 0, null, Duration.ZERO);
    return new Grant(1_000_000_000, 1_005_000_000, leaves, 10, at(0), status);
  }
}
