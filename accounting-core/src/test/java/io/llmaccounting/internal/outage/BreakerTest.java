package io.llmaccounting.internal.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.Health;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {
  private static final BackendException AWAY =
      new BackendException(Kind.UNAVAILABLE, "nobody listens");
  // no jitter on top of half of the pause
  private static final RandomGenerator LEAST = () -> 0;

  private final ManualClock clock = ManualClock.create();
  private final List<Health.Store> told = new ArrayList<>();
  private final Breaker breaker = within(Duration.ofMinutes(1));

  private Breaker within(Duration timeout) {
    return new Breaker(clock, LEAST, timeout, told::add);
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
    assertThat(millisToTry()).isPositive().isLessThanOrEqualTo(50);
    fail(breaker, 2);

    // half of each pause; a machine that stalls for so long may have lost some of it
    for (long half : new long[] {400, 800, 1_600, 2_500, 2_500}) {
      fail(breaker, 1);
      assertThat(millisToTry()).isGreaterThan(half / 2).isLessThanOrEqualTo(half);
    }
  }

  private long millisToTry() {
    return Duration.ofNanos(breaker.nanosToTry()).toMillis();
  }

  @Test
  void aStoreIsTriedSeveralTimesWithinTheTimeoutOfItsCallers() {
    Breaker hasty = within(Duration.ofSeconds(2));

    fail(hasty, 20);

    assertThat(hasty.nanosToTry()).isLessThanOrEqualTo(Duration.ofMillis(250).toNanos());
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

  @ParameterizedTest
  @CsvSource({"UNAVAILABLE,true", "UNUSABLE,true", "REJECTED,false", "CLOSED,false"})
  void onlyWhatConcernsTheWholeStoreIsAnOutage(Kind kind, boolean isOutage) {
    assertThat(Breaker.isOutage(new BackendException(kind, "no"))).isEqualTo(isOutage);
    assertThat(Breaker.isOutage(new IllegalStateException("no"))).isFalse();
  }
}
