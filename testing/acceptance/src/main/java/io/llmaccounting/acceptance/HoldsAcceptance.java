package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** From a hold to its settle, release or expiry. */
public class HoldsAcceptance extends AcceptanceTest {
  private static final Duration MICRO = ofNanos(1_000);

  private void tokens(long maximum) {
    save(Limit.named("tokens").totalTokens(maximum).calendar(1, CalendarUnit.DAY, UTC));
  }

  /** Scenario 35. */
  @Test
  final void whatIsHeldIsNotFreeAndASettleBelowGivesTheRestBack() {
    tokens(1_000);
    HeldCall first = hold(aCall().tokens(500, 0));

    assertThat(reserve(aCall().tokens(600, 0)).decision()).isDenied().used(0).held(500);
    assertThat(settle(first, aCall().tokens(150, 50))).isRecorded().leaves("tokens", 800);
    assertThat(held("tokens", aCall())).isZero();
  }

  /** Scenario 35. */
  @Test
  final void aReleaseGivesEverythingBack() {
    tokens(1_000);
    HeldCall held = hold(aCall().tokens(500, 0));

    held.release();
    held.release();

    assertThat(check(aCall().tokens(1_000, 0))).isAdmitted().leaves("tokens", 1_000);
    assertThat(backend().ledger().holds()).isEmpty();
    assertThat(accounting().tail()).isEmpty();
  }

  /** Scenario 35. */
  @Test
  final void anAbandonedHoldStopsCountingAtItsExpiryAndADenialBeforeNamesThatInstant() {
    tokens(1_000);
    hold(aCall().tokens(500, 0));
    Instant expires = backend().ledger().holds().get(0).expiresAt();
    clock.advance(ofMinutes(3));

    assertThat(check(aCall().tokens(501, 0)))
        .isDenied()
        .held(500)
        .retryAfter(Duration.between(clock.instant(), expires));
    clock.set(expires.minus(MICRO));
    assertThat(check(aCall().tokens(501, 0))).isDenied().retryAfter(MICRO);
    clock.advance(MICRO);
    assertThat(reserve(aCall().tokens(1_000, 0)).decision()).isAdmitted();
  }

  /** A settle exactly as held changes used and held by the same amount. */
  @Test
  final void aSettleOfWhatWasHeldMovesItFromHeldToUsed() {
    tokens(1_000);
    HeldCall held = hold(aCall().tokens(400, 100));

    Receipt receipt = settle(held, aCall().tokens(400, 100));

    assertThat(receipt).isRecorded().leaves("tokens", 500);
    assertThat(receipt.id()).isEqualTo(held.id());
    assertThat(stored(held.id()).late()).isFalse();
  }

  /** What exceeds the hold is booked on every limit, on one that is spent already too. */
  @Test
  final void aSettleAboveItsHoldIsBookedInFullOnEveryLimit() {
    tokens(1_000);
    save(Limit.named("spent").totalTokens(500).lifetime());
    HeldCall held = hold(aCall().tokens(400, 0));
    track(aCall().tokens(100, 0));
    assertThat(check(aCall().tokens(1, 0))).isDenied().byExactly("spent").used(100).held(400);

    settle(held, aCall().tokens(700, 0));

    assertThat(status("tokens", aCall()).remaining().units()).isEqualTo(200);
    assertThat(used("spent", aCall())).isEqualTo(800);
    assertThat(held("spent", aCall())).isZero();
    assertThat(status("spent", aCall()).overshoot()).isEqualTo(300);
    assertThat(check(aCall().tokens(0, 0))).isDenied().byExactly("spent");
  }

  /** Settling twice returns the first receipt, whoever does it. */
  @Test
  final void settlingTwiceBooksOnce() {
    tokens(1_000);
    HeldCall held = hold(aCall().tokens(500, 0));
    Receipt first = settle(held, aCall().tokens(300, 0).costing("0.3"));

    Receipt second = settle(held, aCall().tokens(300, 0).costing("0.3"));
    Receipt third =
        settle(another().quotas().hold(held.id()), aCall().tokens(300, 0).costing("0.3"));

    assertThat(first).isRecorded();
    assertThat(second).isDuplicate().hasCost("0.3");
    assertThat(third).isDuplicate().hasCost("0.3");
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(used("tokens", aCall())).isEqualTo(300);
    assertThat(accounting().tail()).hasSize(1);
  }

  /** The record of a hold has the hold's id. */
  @Test
  final void aRecordOfAnotherIdDoesNotSettleTheHold() {
    HeldCall held = hold(aCall());

    assertThatThrownBy(() -> held.settle(aCall().usage()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(held.id().toString());
    held.release();
  }

  /** A late settle books all the same and is marked. */
  @Test
  final void aSettleAfterTheExpiryStillBooksAndIsMarkedLate() {
    tokens(1_000);
    HeldCall held = hold(aCall().tokens(500, 0));
    clock.advance(ofMinutes(10));
    assertThat(held("tokens", aCall())).isZero();
    hold(aCall().tokens(900, 0));

    assertThat(settle(held, aCall().tokens(400, 0)))
        .hasStatus(Receipt.Status.SUPERSEDED)
        .leaves("tokens", -300);

    assertThat(stored(held.id()).late()).isTrue();
    assertThat(stored(held.id()).chargedAt()).isEqualTo(clock.instant().minus(ofMinutes(10)));
    assertThat(used("tokens", aCall())).isEqualTo(400);
    assertThat(held("tokens", aCall())).isEqualTo(900);
  }

  /** What a released call consumed all the same can still be booked. */
  @Test
  final void aSettleAfterAReleaseBooks() {
    tokens(1_000);
    HeldCall held = hold(aCall().tokens(500, 0));
    held.release();

    assertThat(settle(held, aCall().tokens(200, 0))).isRecorded().leaves("tokens", 800);
    assertThat(stored(held.id()).late()).isTrue();
  }

  /** A renewed hold lives for its full time from then on. */
  @Test
  final void aRenewedHoldLivesOn() {
    tokens(1_000);
    HeldCall held = hold(aCall().tokens(500, 0));
    clock.advance(ofMinutes(9));

    Instant expires = held.renew();

    assertThat(expires)
        .isBetween(clock.instant().plus(ofMinutes(10)), clock.instant().plus(ofSeconds(602)));
    assertThat(check(aCall().tokens(600, 0)))
        .isDenied()
        .held(500)
        .retryAfter(Duration.between(clock.instant(), expires));
    clock.set(expires);
    assertThat(check(aCall().tokens(1_000, 0))).isAdmitted();
    assertThatThrownBy(held::renew)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expired");
  }

  /** Growing states the whole, so repeating it is harmless. */
  @Test
  final void aHoldGrowsToWhatIsExpectedOfTheWhole() {
    tokens(1_000);
    HeldCall held = hold(aCall().tokens(100, 100));

    assertThat(held.grow(aCall().tokens(100, 400).request())).isAdmitted().leaves("tokens", 500);
    assertThat(held.grow(aCall().tokens(100, 400).request())).isAdmitted().leaves("tokens", 500);
    assertThat(held.grow(aCall().tokens(50, 50).request())).isAdmitted().leaves("tokens", 500);
    assertThat(settle(held, aCall().tokens(100, 300))).leaves("tokens", 600);
  }

  /** A denied growth changes nothing, on no limit. */
  @Test
  final void aDeniedGrowthLeavesTheHoldAsItWas() {
    tokens(1_000);
    save(Limit.named("output").outputTokens(10_000).lifetime());
    HeldCall held = hold(aCall().tokens(100, 100));
    hold(aCall().tokens(500, 0));

    assertThat(held.grow(aCall().tokens(100, 401).request()))
        .isDenied()
        .byExactly("tokens")
        .held(700);

    assertThat(held("tokens", aCall())).isEqualTo(700);
    assertThat(held("output", aCall())).isEqualTo(100);
    assertThat(held.grow(aCall().tokens(100, 400).request())).isAdmitted().leaves("tokens", 0);
    assertThat(held("output", aCall())).isEqualTo(400);
  }

  /** What is gone neither grows nor lives on. */
  @Test
  final void aHoldThatIsGoneDoesNotGrow() {
    HeldCall held = hold(aCall());
    held.release();

    assertThatThrownBy(() -> held.grow(aCall().request()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(held.id().toString());
    assertThatThrownBy(held::renew).isInstanceOf(IllegalStateException.class);
  }

  /** What a limit saved while the call runs finds above its maximum is debt. */
  @Test
  final void aLimitSavedWhileTheCallRunsHoldsWhatItExpectsAndGetsItsUsageAtTheSettle() {
    HeldCall held = hold(aCall().tokens(500, 0));
    tokens(100);
    assertThat(held("tokens", aCall())).isEqualTo(500);

    settle(held, aCall().tokens(500, 0));

    assertThat(status("tokens", aCall()).overshoot()).isEqualTo(400);
    assertThat(check(aCall().tokens(0, 0))).isDenied();
  }

  /** A limit deleted while the call runs is no obstacle to its end. */
  @Test
  final void aLimitDeletedWhileTheCallRunsIsForgotten() {
    tokens(1_000);
    HeldCall held = hold(aCall().tokens(500, 0));
    accounting().limits().delete("tokens");

    assertThat(held.grow(aCall().tokens(700, 0).request())).isAdmitted();
    held.renew();
    assertThat(settle(held, aCall().tokens(500, 0))).isRecorded();
  }

  /** A hold sits in the bucket of its admission and leaves the window with it. */
  @Test
  final void fiveASecondIsNotFiveConcurrentCalls() {
    save(Limit.named("rate").requests(5).rolling(ofSeconds(1)));
    for (int second = 0; second < 8; second++) {
      for (int i = 0; i < 5; i++) {
        hold(aCall());
      }
      assertThat(reserve(aCall()).decision()).isDenied().held(5).retryAfter(ofSeconds(1));
      clock.advance(ofSeconds(1));
    }
    assertThat(backend().ledger().holds()).hasSize(40);
  }

  /** Usage belongs to the window in which its call was admitted. */
  @Test
  final void aCallThatEndsInTheNextWindowIsChargedToTheOneInWhichItBegan() {
    save(Limit.named("minute").requests(1).calendar(1, CalendarUnit.MINUTE, UTC));
    clock.advance(ofSeconds(50));
    HeldCall held = hold(aCall());
    assertThat(reserve(aCall()).decision()).isDenied().retryAfter(ofSeconds(10));

    clock.advance(ofSeconds(10));
    assertThat(held("minute", aCall())).isZero();
    settle(held, aCall());

    assertThat(used("minute", aCall())).isZero();
    assertThat(stored(held.id()).chargedAt()).isEqualTo(clock.instant().minus(ofSeconds(10)));
  }

  /** A denial by one limit leaves no trace on any other. */
  @Test
  final void aDenialLeavesNothingOnTheOtherLimits() {
    save(Limit.named("closed").user("bob").requests(0).lifetime());
    save(Limit.named("requests").requests(10_000).rolling(ofMinutes(1)));
    save(Limit.named("each").eachUser().totalTokens(1_000_000).lifetime());
    tokens(1_000_000);

    for (int i = 0; i < 100; i++) {
      Decision decision = reserve(aCall().by("bob")).decision();
      assertThat(decision).isDenied().byExactly("closed");
    }

    for (String other : new String[] {"requests", "each", "tokens"}) {
      assertThat(used(other, aCall().by("bob"))).isZero();
      assertThat(held(other, aCall().by("bob"))).isZero();
    }
    assertThat(backend().ledger().holds()).isEmpty();
  }
}
