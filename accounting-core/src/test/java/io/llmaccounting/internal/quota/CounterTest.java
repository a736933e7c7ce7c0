package io.llmaccounting.internal.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CounterTest {
  private static final long NOON = WindowExit.toMicros(Instant.parse("2024-03-15T12:00:00Z"));
  private static final long SECOND = 1_000_000;

  @Test
  void survivesItsOwnEncoding() {
    Counter counter = counter(Limit.named("l").requests(100).rolling(Duration.ofHours(1)));
    counter.charge(NOON - 5, 3);
    counter.charge(NOON, 4);
    counter.hold(counter.leaves(NOON), NOON + 600 * SECOND, 7);

    Counter again = Counter.of(counter.limit(), counter.toState());

    assertThat(again.used()).isEqualTo(7);
    assertThat(again.held()).isEqualTo(7);
    assertThat(again.asOf()).isEqualTo(NOON);
    assertThat(again.toState()).isEqualTo(counter.toState());
  }

  @Test
  void refusesAnEncodingThatItDoesNotKnow() {
    Limit limit = Limit.named("l").requests(1).lifetime();

    assertThatThrownBy(() -> Counter.of(limit, new CounterState(0, new byte[] {99})))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("encoding 99");
  }

  @Test
  void neverMovesBackwards() {
    Counter counter = counter(Limit.named("l").requests(1).rolling(Duration.ofSeconds(10)));
    counter.charge(NOON, 1);
    counter.advance(NOON + 10 * SECOND);

    counter.advance(NOON);

    assertThat(counter.asOf()).isEqualTo(NOON + 10 * SECOND);
    assertThat(counter.fits(1)).isTrue();
  }

  @Test
  void ofACrowdedExactWindowForgetsNothingAndStaysSmall() {
    Counter counter = counter(Limit.named("l").requests(100).rolling(Duration.ofMinutes(1)));

    for (int i = 0; i < 10_000; i++) {
      counter.charge(NOON - 10_000 + i, 1);
    }

    assertThat(counter.used()).isEqualTo(10_000);
    assertThat(counter.toState().cells().length).isLessThan(4_000);
    counter.advance(NOON - 2 + 60 * SECOND);
    assertThat(counter.used()).isPositive();
    counter.advance(NOON - 2 + 60 * SECOND + SECOND / 2);
    assertThat(counter.used()).isZero();
  }

  @Test
  void ofAMaximumOfZeroHasRoomForNothing() {
    Counter counter = counter(Limit.named("l").inputTokens(0).lifetime());

    assertThat(counter.fits(0)).isFalse();
    assertThat(counter.fitsAt(0)).isEqualTo(WindowExit.NEVER);
  }

  /** Debt may go far beyond a maximum; deciding must not trip over it. */
  @Test
  void decidesNextToTheLargestNumberThereIs() {
    Counter counter = counter(Limit.named("l").inputTokens(Limit.MAX_AMOUNT).lifetime());

    assertThat(counter.fits(Limit.MAX_AMOUNT)).isTrue();
    assertThat(counter.fits(Limit.MAX_AMOUNT + 1)).isFalse();
    counter.hold(WindowExit.NEVER, WindowExit.NEVER, 1);
    assertThat(counter.fits(Limit.MAX_AMOUNT)).isFalse();
    assertThat(counter.fits(Limit.MAX_AMOUNT - 1)).isTrue();
    counter.charge(0, Long.MAX_VALUE);

    assertThat(counter.fits(0)).isFalse();
    assertThat(counter.fits(Long.MAX_VALUE)).isFalse();
    assertThat(counter.fitsAt(1)).isEqualTo(WindowExit.NEVER);
  }

  /** faults B8, G6: a counter that no long can hold is full; it refuses no record. */
  @Test
  void isFullBeyondTheLargestNumberAndRefusesNoRecord() {
    Counter counter = counter(Limit.named("l").cost(Cost.usd("1")).rolling(Duration.ofHours(1)));
    counter.charge(NOON - SECOND, 5);
    for (int i = 0; i < 9_300; i++) {
      counter.charge(NOON, Cost.MAX_PER_CALL.nanos());
    }
    counter.hold(counter.leaves(NOON), NOON + SECOND, Long.MAX_VALUE);
    counter.hold(counter.leaves(NOON), NOON + 2 * SECOND, Long.MAX_VALUE);

    Counter again = Counter.of(counter.limit(), counter.toState());
    assertThat(again.used()).isEqualTo(Long.MAX_VALUE);
    assertThat(again.held()).isEqualTo(Long.MAX_VALUE);
    assertThat(again.fits(0)).isFalse();
    again.credit(NOON, 7);
    assertThat(again.used()).isEqualTo(Long.MAX_VALUE);
    again.advance(NOON + 3_600 * SECOND);
    assertThat(again.used()).isZero();
    assertThat(again.held()).isZero();
  }

  /** faults B8: what filled it is given back to the last, through any number of states. */
  @Test
  void isExactAgainOnceWhatFilledItWasGivenBack() {
    Counter counter = counter(Limit.named("l").totalTokens(10).lifetime().warning());
    long expiry = NOON + 600 * SECOND;
    long leave = counter.leaves(NOON);
    for (int i = 0; i < 3; i++) {
      counter.charge(NOON + i, Long.MAX_VALUE);
      counter.hold(leave, expiry, Long.MAX_VALUE - i);
    }
    counter.charge(NOON, 7);
    counter.hold(leave, expiry, 2);

    Counter again = Counter.of(counter.limit(), counter.toState());
    for (int i = 0; i < 3; i++) {
      assertThat(again.used()).isEqualTo(Long.MAX_VALUE);
      assertThat(again.held()).isEqualTo(Long.MAX_VALUE);
      again.credit(NOON + i, Long.MAX_VALUE);
      again.release(leave, expiry, Long.MAX_VALUE - i);
      again = Counter.of(counter.limit(), again.toState());
    }

    assertThat(again.used()).isEqualTo(7);
    assertThat(again.held()).isEqualTo(2);
    assertThat(again.fits(1)).isTrue();
    assertThat(again.fits(2)).isFalse();
  }

  /** faults B8: a promise stands on what stays, however much leaves before. */
  @Test
  void promisesRoomOnlyOnceEverythingTooMuchHasLeft() {
    Counter counter = counter(Limit.named("l").inputTokens(10).rolling(Duration.ofHours(1)));
    counter.charge(NOON - 2 * SECOND, Long.MAX_VALUE);
    counter.charge(NOON - SECOND, Long.MAX_VALUE);
    counter.charge(NOON, 9);

    assertThat(counter.fitsAt(1)).isEqualTo(NOON + 3_599 * SECOND);
    assertThat(counter.fitsAt(2)).isEqualTo(NOON + 3_600 * SECOND);
  }

  /** faults B8: what purged records left beyond a long is taken over whole. */
  @Test
  void takesOverABaseThatNoLongCanHold() {
    Limit limit = Limit.named("l").inputTokens(10).lifetime();
    Counter base = counter(limit);
    base.charge(NOON, Long.MAX_VALUE);
    base.charge(NOON, 3);
    Counter counter = counter(limit);

    counter.adopt(Counter.of(limit, base.toState()));
    counter.credit(NOON, Long.MAX_VALUE);

    assertThat(counter.used()).isEqualTo(3);
  }

  /** faults B8: what is left beside a full cell is the true sum again. */
  @Test
  void countsExactlyAgainOnceWhatFilledItHasLeft() {
    Counter counter = counter(Limit.named("l").inputTokens(10).rolling(Duration.ofHours(1)));
    counter.charge(NOON - SECOND, Long.MAX_VALUE);
    counter.charge(NOON, 9);
    assertThat(counter.used()).isEqualTo(Long.MAX_VALUE);

    counter.advance(NOON + 3_599 * SECOND);

    assertThat(counter.used()).isEqualTo(9);
  }

  /** faults B3: nothing is merged below some hundred entries, whatever the metric. */
  @Test
  void letsEachOfAFewHundredLeaveAtItsOwnInstant() {
    Counter counter = counter(Limit.named("l").totalTokens(1_000).rolling(Duration.ofHours(1)));
    for (int i = 0; i < 256; i++) {
      counter.charge(NOON - i * SECOND, 10);
    }

    assertThat(counter.grain()).isZero();
    for (int i = 255; i >= 0; i--) {
      counter.advance(NOON - i * SECOND + 3_600 * SECOND - 1);
      assertThat(counter.used()).isEqualTo(10L * (i + 1));
      counter.advance(NOON - i * SECOND + 3_600 * SECOND);
      assertThat(counter.used()).isEqualTo(10L * i);
    }
  }

  /** faults B3: "fits in 3616 s" under a limit of an hour. */
  @Test
  void neverPromisesRoomLaterThanAWindowFromNowHoweverCrowded() {
    for (Limit limit : List.of(hourly(), hourly().withGrain(Duration.ofSeconds(36)))) {
      Counter counter = counter(limit);
      for (int i = 0; i < 5_000; i++) {
        counter.charge(NOON - i % 3, 1);
        counter.charge(NOON - i * 7_919L % 3_600 * SECOND, 1);
      }

      assertThat(counter.fitsAt(1_000)).isEqualTo(NOON + 3_600 * SECOND);
      assertThat(counter.grain()).isEqualTo(limit.grain().toNanos() / 1_000);
      counter.advance(NOON + 3_600 * SECOND);
      assertThat(counter.used()).isZero();
      assertThat(counter.grain()).isZero();
    }
  }

  private static Limit hourly() {
    return Limit.named("l").totalTokens(1_000).rolling(Duration.ofHours(1));
  }

  /** faults B3: bytes that the version before wrote, its leaving instants up to a grain late. */
  @Test
  void readsWhatTheVersionBeforeHasWritten() {
    byte[] cells =
        HexFormat.of()
            .parseHex(
                "0102ffaacee806ac0280a4a7da06900302ffcef5c20d808c8d9e0246ffcef5c20d80c6868f0105"
                    + "010a80e888afa9f6840364");
    Counter counter = Counter.of(hourly().alertingAt(10), new CounterState(NOON, cells));

    assertThat(counter.used()).isEqualTo(700);
    assertThat(counter.held()).isEqualTo(75);
    assertThat(counter.grain()).isEqualTo(30 * SECOND);
    assertThat(counter.fitsAt(1_000)).isEqualTo(NOON + 3_600 * SECOND);
    assertThat(counter.alertsSince(0)).as("has fired already").isEmpty();
    long oldLeave = NOON + 3_629_999_999L;
    counter.release(oldLeave, NOON + 600 * SECOND, 70);
    assertThat(counter.held()).isEqualTo(5);
    counter.credit(NOON, 400);
    assertThat(counter.used()).isEqualTo(300);
    counter.advance(NOON + 1_800 * SECOND - 1);
    assertThat(counter.used()).isEqualTo(300);
    counter.advance(NOON + 1_800 * SECOND + 30 * SECOND);
    assertThat(counter.used()).isZero();
  }

  /** faults B4: a cell for each hold grew without bound. */
  @Test
  void keepsManyHoldsInLittleSpaceAndGivesThemAllBack() {
    Counter counter = counter(hourly().warning());
    Random random = new Random(7);
    List<Long> expiries = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      expiries.add(NOON + 1 + random.nextLong(600 * SECOND));
      counter.hold(counter.leaves(NOON), expiries.get(i), 3);
    }

    assertThat(counter.held()).isEqualTo(60_000);
    assertThat(counter.toState().cells().length).isLessThan(4_000);
    counter.advance(NOON + 300 * SECOND);
    long live = expiries.stream().filter(expiry -> expiry > counter.asOf()).count();
    assertThat(counter.held()).isBetween(3 * live, 3 * live + 60_000 / 50);
    expiries.forEach(expiry -> counter.release(counter.leaves(NOON), expiry, 3));
    counter.advance(NOON + 311 * SECOND);
    assertThat(counter.held()).isZero();
  }

  @Test
  void creditsWhatWasCharged() {
    Counter counter = counter(Limit.named("l").inputTokens(100).rolling(Duration.ofHours(1)));
    counter.charge(NOON, 60);
    counter.charge(NOON - SECOND, 30);

    counter.credit(NOON - SECOND, 30);

    assertThat(counter.used()).isEqualTo(60);
  }

  @Test
  void firesEachThresholdOnceUntilTheWindowHasPassed() {
    Counter counter =
        counter(Limit.named("l").requests(10).rolling(Duration.ofMinutes(1)).alertingAt(50, 80));

    assertThat(charged(counter, 4)).isEmpty();
    assertThat(charged(counter, 1)).containsExactly(50);
    assertThat(charged(counter, 4)).containsExactly(80);
    assertThat(charged(counter, 1)).isEmpty();
    counter.advance(NOON + 60 * SECOND);
    assertThat(charged(counter, 9)).containsExactly(50, 80);
  }

  @Test
  void ofARaisedMaximumFiresAgainOnlyAfterUseWasBelowTheNewThreshold() {
    Limit limit = Limit.named("l").requests(10).rolling(Duration.ofMinutes(1)).alertingAt(50);
    Counter counter = counter(limit);
    charged(counter, 8);

    Counter raisedALittle = Counter.of(limit.withMaximum(12), counter.toState());
    Counter raisedALot = Counter.of(limit.withMaximum(20), counter.toState());

    assertThat(charged(raisedALittle, 1)).isEmpty();
    assertThat(charged(raisedALot, 1)).isEmpty();
    assertThat(charged(raisedALot, 1)).containsExactly(50);
  }

  @Test
  void roundsThresholdsUpAndNeverOverflows() {
    assertThat(AlertMarks.threshold(10, 55)).isEqualTo(6);
    assertThat(AlertMarks.threshold(3, 50)).isEqualTo(2);
    assertThat(AlertMarks.threshold(Limit.MAX_AMOUNT, 1_000)).isEqualTo(Long.MAX_VALUE);
  }

  private static java.util.List<Integer> charged(Counter counter, long amount) {
    long before = counter.used();
    counter.charge(counter.asOf(), amount);
    return counter.alertsSince(before);
  }

  private static Counter counter(Limit limit) {
    Counter counter = Counter.of(limit, CounterState.EMPTY);
    counter.advance(NOON);
    return counter;
  }
}
