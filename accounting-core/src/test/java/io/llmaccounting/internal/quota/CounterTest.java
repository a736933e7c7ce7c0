package io.llmaccounting.internal.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.limit.Limit;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CounterTest {
  private static final long NOON = Leaving.toMicros(Instant.parse("2024-03-15T12:00:00Z"));
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
    assertThat(counter.fitsAt(0)).isEqualTo(Leaving.NEVER);
  }

  /** Debt may go far beyond a maximum; deciding must not trip over it. */
  @Test
  void decidesNextToTheLargestNumberThereIs() {
    Counter counter = counter(Limit.named("l").inputTokens(Limit.MAX_AMOUNT).lifetime());

    assertThat(counter.fits(Limit.MAX_AMOUNT)).isTrue();
    assertThat(counter.fits(Limit.MAX_AMOUNT + 1)).isFalse();
    counter.hold(Leaving.NEVER, Leaving.NEVER, 1);
    assertThat(counter.fits(Limit.MAX_AMOUNT)).isFalse();
    assertThat(counter.fits(Limit.MAX_AMOUNT - 1)).isTrue();
    counter.charge(0, Long.MAX_VALUE);

    assertThat(counter.fits(0)).isFalse();
    assertThat(counter.fits(Long.MAX_VALUE)).isFalse();
    assertThat(counter.fitsAt(1)).isEqualTo(Leaving.NEVER);
    assertThatThrownBy(() -> counter.charge(0, 1))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("must not exceed 9223372036854775807");
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
