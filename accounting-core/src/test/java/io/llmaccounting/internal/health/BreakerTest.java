package io.llmaccounting.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.health.Health;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {
  private static final BackendException AWAY =
      new BackendException(Kind.UNAVAILABLE, "nobody listens");
  // no jitter on top of half of the pause
  private static final RandomGenerator LEAST = () -> 0;

  private final ManualClock clock = ManualClock.create();
  private final HandMovedTicker ticker = new HandMovedTicker();
  private final List<Health.Store> told = new ArrayList<>();
  private final Breaker breaker = within(Duration.ofMinutes(1));

  private Breaker within(Duration timeout) {
    return new Breaker(clock, ticker, LEAST, timeout, told::add);
  }

  private static void fail(Breaker breaker, int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(AWAY);
    }
  }

  @Test
  void opensAfterFiveFailuresInARowAndTellsItOnce() {
    fail(breaker, 4);
    assertThat(breaker.isOpen()).isFalse();

    fail(breaker, 3);

    assertThat(breaker.isOpen()).isTrue();
    assertThat(told)
        .containsExactly(new Health.Store(Health.Breaker.OPEN, clock.instant(), "nobody listens"));
  }

  @Test
  void failuresThatAreNotInARowDoNotOpenIt() {
    for (int i = 0; i < 10; i++) {
      fail(breaker, 4);
      breaker.worked();
    }

    assertThat(breaker.isOpen()).isFalse();
    assertThat(told).isEmpty();
  }

  @Test
  void aTryIsShownAndAnAnswerClosesIt() {
    fail(breaker, 5);
    breaker.trying();
    assertThat(breaker.state().breaker()).isEqualTo(Health.Breaker.HALF_OPEN);
    fail(breaker, 1);
    assertThat(breaker.state().breaker()).isEqualTo(Health.Breaker.OPEN);

    breaker.trying();
    breaker.answered();

    assertThat(breaker.isOpen()).isFalse();
    assertThat(told)
        .extracting(Health.Store::breaker)
        .containsExactly(Health.Breaker.OPEN, Health.Breaker.CLOSED);
  }

  @Test
  void aStoreThatFailsAgainRightAfterItAnsweredIsLeftAloneAtOnce() {
    fail(breaker, 5);
    breaker.answered();

    fail(breaker, 1);
    assertThat(breaker.isOpen()).isTrue();

    breaker.answered();
    breaker.worked();
    fail(breaker, 4);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void pausesDoubleUpToFiveSeconds() {
    fail(breaker, 5);

    // half of each pause
    for (long half : new long[] {50, 100, 200, 400, 800, 1_600, 2_500, 2_500}) {
      assertThat(millisToTry()).isEqualTo(half);
      fail(breaker, 1);
    }
  }

  @Test
  void itIsTimeToTryOnceThePauseIsOver() {
    fail(breaker, 5);
    ticker.advance(Duration.ofMillis(49).toNanos());
    assertThat(millisToTry()).isEqualTo(1);

    ticker.advance(Duration.ofMillis(1).toNanos());

    assertThat(breaker.nanosToTry()).isZero();
  }

  @Test
  void processesTryAtDifferentTimes() {
    // the largest below the pause that a generator can be asked for
    RandomGenerator most = () -> 2 * (Duration.ofMillis(100).toNanos() - 1);
    Breaker latest = new Breaker(clock, ticker, most, Duration.ofMinutes(1), told::add);

    fail(latest, 5);

    assertThat(latest.nanosToTry()).isEqualTo(Duration.ofMillis(150).toNanos() - 1);
  }

  @Test
  void aPauseThatFollowsAnAnswerStartsWhereTheLastOneEndedUnlessWorkWasDone() {
    fail(breaker, 7);
    breaker.answered();
    fail(breaker, 1);
    assertThat(millisToTry()).isEqualTo(400);

    breaker.answered();
    breaker.worked();
    fail(breaker, 5);

    assertThat(millisToTry()).isEqualTo(50);
  }

  @Test
  void theWallClockDoesNotMoveTheNextTry() {
    fail(breaker, 5);

    clock.advance(Duration.ofHours(1));

    assertThat(millisToTry()).isEqualTo(50);
  }

  private long millisToTry() {
    return Duration.ofNanos(breaker.nanosToTry()).toMillis();
  }

  @Test
  void aStoreIsTriedSeveralTimesWithinTheTimeoutOfItsCallers() {
    Breaker hasty = within(Duration.ofSeconds(2));

    fail(hasty, 20);

    assertThat(hasty.nanosToTry()).isEqualTo(Duration.ofMillis(250).toNanos());
  }

  @Test
  void readsAreRefusedAtOnceWhileItIsOpenAndCountWhileItIsNot() {
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> breaker.read(BreakerTest::unreachable)).isSameAs(AWAY);
    }

    assertThatThrownBy(() -> breaker.read(() -> "never asked"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("has not been reachable since")
        .hasCause(AWAY);
  }

  private static String unreachable() {
    throw AWAY;
  }

  @Test
  @DisplayName("faults C1: one refused connection is enough to know")
  void oneRefusedConnectionOpensIt() {
    breaker.failed(new BackendException(Kind.UNREACHABLE, "connection refused"));

    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  @DisplayName("faults C1: a store whose connections are all in use is not away")
  void aStoreThatIsBusyIsNotAway() {
    for (int i = 0; i < 100; i++) {
      breaker.failed(new BackendException(Kind.BUSY, "all in use"));
    }

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  @DisplayName("faults C1: a read that succeeds ends a row of failed reads")
  void readsThatSucceedEndTheRow() {
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> breaker.read(BreakerTest::unreachable)).isSameAs(AWAY);
      assertThat(breaker.read(() -> "there")).isEqualTo("there");
    }

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  @DisplayName("faults C1: five failures over weeks are not five in a row")
  void failuresFarApartDoNotOpenIt() {
    for (int i = 0; i < 20; i++) {
      fail(breaker, 1);
      clock.advance(Breaker.RECENT.plusSeconds(1));
    }

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  @DisplayName("faults C1: a store that can be read but not written is left alone all the same")
  void readsThatSucceedDoNotHideFailedWrites() {
    for (int i = 0; i < 4; i++) {
      fail(breaker, 1);
      assertThat(breaker.read(() -> "there")).isEqualTo("there");
    }
    fail(breaker, 1);

    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  @DisplayName("faults G2: what the spool could not do is no outage of the store")
  void theSpoolsFailureIsNotTheStores() {
    assertThat(Breaker.isOutage(AWAY)).isTrue();
    assertThat(Breaker.isOutage(AWAY.of(BackendException.Origin.SPOOL))).isFalse();
    assertThat(Breaker.isOutage(AWAY.of(BackendException.Origin.SPOOL).anew())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "UNREACHABLE,true",
    "BUSY,true",
    "UNAVAILABLE,true",
    "UNUSABLE,true",
    "REJECTED,false",
    "CLOSED,false"
  })
  void onlyWhatConcernsTheWholeStoreIsAnOutage(Kind kind, boolean isOutage) {
    assertThat(Breaker.isOutage(new BackendException(kind, "no"))).isEqualTo(isOutage);
    assertThat(Breaker.isOutage(new IllegalStateException("no"))).isFalse();
  }
}
