package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.LlmAssertions.catchThrowableOfType;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testing.Eventually;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What limits do while the store is away. */
public class OutageAcceptance extends OutageTest {
  private static final CallRequest REQUEST = CallRequest.to("m").user("alice");

  private LlmAccounting spooling() {
    return fragile(settings -> settings.spool(spool()));
  }

  // an accounting knows the limits once it has asked
  private static void seeLimits(LlmAccounting accounting) {
    accounting.quotas().check(REQUEST);
  }

  @Test
  final void aLimitThatFailsClosedRefusesAtOnceAndSaysWhenToAskAgain() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting =
        fragile(builder -> builder.spool(spool()).timeout(Duration.ofMinutes(2)))) {
      seeLimits(accounting);
      breakDown(accounting);
      long start = System.nanoTime();

      QuotaExceededException refusal =
          catchThrowableOfType(QuotaExceededException.class, () -> accounting.begin(REQUEST));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
      assertThat(refusal.denied().primary().reason()).isEqualTo(Exceeded.Reason.OUTAGE);
      assertThat(refusal.retryAfter().orElseThrow())
          .isBetween(Duration.ofMillis(1), Duration.ofSeconds(8));
      assertThat(accounting.quotas().check(REQUEST)).isDenied();
      assertThat(accounting.health().counts().denied()).isEqualTo(1);
      recover(accounting);
      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
    }
  }

  @Test
  final void aLimitThatFailsOpenLetsItsAmountThroughAndNoMore() {
    save(Limit.named("day").requests(1_000).lifetime().onOutage(OutagePolicy.failOpen(3)));
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);

      for (int i = 0; i < 3; i++) {
        LlmCall call = accounting.begin(REQUEST);
        assertThat(call.admission().warnings())
            .extracting(Exceeded::reason)
            .containsExactly(Exceeded.Reason.OUTAGE);
        assertThat(call.succeeded(TokenUsage.of(1, 1))).hasStatus(Receipt.Status.SPOOLED);
      }

      assertThatThrownBy(() -> accounting.begin(REQUEST))
          .isInstanceOf(QuotaExceededException.class);
      recover(accounting);
      assertThat(used("day", aCall())).isEqualTo(3);
      assertThat(backend().ledger().holds()).isEmpty();
      assertThat(stored(storedIds().get(0)).late()).isFalse();
    }
  }

  /** reading new capabilities: what is let through is how many calls at once, not how many. */
  @Test
  final void aLimitOnCallsUnderWayThatFailsOpenGetsItsAmountBackAsCallsEnd() {
    save(Limit.named("at once").concurrentCalls(9).onOutage(OutagePolicy.failOpen(2)));
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);
      LlmCall first = accounting.begin(REQUEST);
      accounting.begin(REQUEST);
      assertThat(accounting.quotas().check(REQUEST)).isAdmitted();
      assertThatThrownBy(() -> accounting.begin(REQUEST))
          .isInstanceOf(QuotaExceededException.class);

      first.succeeded(TokenUsage.of(1, 1));

      accounting.begin(REQUEST);
      assertThatThrownBy(() -> accounting.begin(REQUEST))
          .isInstanceOf(QuotaExceededException.class);
      recover(accounting);
    }
  }

  @Test
  final void whatACallTookIsReplacedByWhatItConsumed() {
    save(
        Limit.named("cost")
            .cost(Cost.usd("100"))
            .lifetime()
            .onOutage(OutagePolicy.failOpen(Cost.usd("1.00"))));
    try (LlmAccounting accounting = spooling()) {
      CallRequest dear = CallRequest.to("m").cost(Cost.usd("0.60"));
      accounting.quotas().check(dear);
      breakDown(accounting);
      LlmCall first = accounting.begin(dear);
      assertThat(accounting.quotas().check(dear)).isAdmitted();
      assertThatThrownBy(() -> accounting.begin(dear)).isInstanceOf(QuotaExceededException.class);

      first.succeeded(TokenUsage.of(1, 1), Cost.usd("0.10"));
      LlmCall second = accounting.begin(dear);
      second.succeeded(TokenUsage.of(1, 1), Cost.usd("0.85"));

      assertThatThrownBy(() -> accounting.begin(CallRequest.to("m").cost(Cost.usd("0.06"))))
          .isInstanceOf(QuotaExceededException.class);
      recover(accounting);
      assertThat(used("cost", aCall())).isEqualTo(Cost.usd("0.95").nanos());
    }
  }

  @Test
  final void aRestartInTheSameOutageDoesNotLetTheAmountThroughAgain() {
    save(Limit.named("day").requests(1_000).lifetime().onOutage(OutagePolicy.failOpen(3)));
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);
      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      accounting.begin(REQUEST);
    }
    restartSpool();
    spool().breakDown();
    store().recover();
    try (LlmAccounting next = spooling()) {
      seeLimits(next);
      breakDown(next);
      spool().recover();

      next.begin(REQUEST);

      assertThatThrownBy(() -> next.begin(REQUEST)).isInstanceOf(QuotaExceededException.class);
    }
  }

  @Test
  final void theAmountIsWholeAgainInTheNextOutageLessWhatIsUnderWay() {
    save(Limit.named("day").requests(1_000).lifetime().onOutage(OutagePolicy.failOpen(3)));
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);
      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      LlmCall longOne = accounting.begin(REQUEST);
      recover(accounting);
      Eventually.eventually(
          "the amount starts anew",
          () -> spool().openAmounts().sums().values().stream().mapToLong(one -> one).sum() == 1);
      breakDown(accounting);

      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));

      assertThatThrownBy(() -> accounting.begin(REQUEST))
          .isInstanceOf(QuotaExceededException.class);
      longOne.succeeded(TokenUsage.of(1, 1));
      recover(accounting);
      assertThat(used("day", aCall())).isEqualTo(5);
    }
  }

  @Test
  final void subjectsOfALimitShareWhatItLetsThrough() {
    save(Limit.named("each").eachUser().requests(10).lifetime().onOutage(OutagePolicy.failOpen(2)));
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);

      accounting.begin(CallRequest.to("m").user("alice")).succeeded(TokenUsage.of(1, 1));
      accounting.begin(CallRequest.to("m").user("bob")).succeeded(TokenUsage.of(1, 1));

      assertThatThrownBy(() -> accounting.begin(CallRequest.to("m").user("carol")))
          .isInstanceOf(QuotaExceededException.class);
      recover(accounting);
      assertThat(used("each", aCall().by("alice"))).isEqualTo(1);
    }
  }

  @Test
  final void withoutASpoolNoLimitFailsOpen() {
    save(Limit.named("day").requests(1_000).lifetime().onOutage(OutagePolicy.failOpen(3)));
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      seeLimits(accounting);
      breakDown(accounting);

      assertThat(accounting.quotas().check(REQUEST)).isDenied();
      recover(accounting);
    }
  }

  @Test
  final void aSpoolThatCannotKeepTheAmountLetsNothingThrough() {
    save(Limit.named("day").requests(1_000).lifetime().onOutage(OutagePolicy.failOpen(3)));
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);
      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      spool().breakDown();

      assertThatThrownBy(() -> accounting.begin(REQUEST)).isInstanceOf(RuntimeException.class);

      spool().recover();
      recover(accounting);
      assertThat(used("day", aCall())).isEqualTo(1);
    }
  }

  @Test
  final void amountsThatASpoolHasLostCountAsSpentUntilTheStoreIsBack() {
    save(Limit.named("day").requests(1_000).lifetime().onOutage(OutagePolicy.failOpen(3)));
    store().breakDown();
    spool().loseOpenAmounts();
    try (LlmAccounting accounting = spooling()) {
      // the store is seen, and the amounts cannot start anew meanwhile
      spool().fillDisk();
      store().recover();
      seeLimits(accounting);
      breakDown(accounting);

      assertThatThrownBy(() -> accounting.begin(REQUEST))
          .isInstanceOf(QuotaExceededException.class);

      spool().freeDisk();
      recover(accounting);
      Eventually.eventually("the amount starts anew", () -> spool().openAmounts().complete());
      breakDown(accounting);
      Eventually.eventually(
          "it is let through", () -> accounting.quotas().reserve(REQUEST).hold().isPresent());
      recover(accounting);
    }
  }

  @Test
  final void aLimitThatOnlyWarnsAdmits() {
    save(Limit.named("soft").requests(1).lifetime().warning());
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);

      Decision decision = accounting.quotas().reserve(REQUEST).decision();

      assertThat(decision).isAdmitted();
      recover(accounting);
    }
  }

  @Test
  final void aMaximumOfZeroAdmitsNothingInAnOutageEither() {
    save(Limit.named("never").requests(0).lifetime().onOutage(OutagePolicy.failOpen(3)));
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);

      assertThat(accounting.quotas().check(REQUEST)).isDenied().neverFits();
      recover(accounting);
    }
  }

  @Test
  final void limitsThatWereNeverSeenRefuseUnlessItIsSaidOtherwise() {
    store().breakDown();
    try (LlmAccounting strict = spooling();
        LlmAccounting trusting =
            fragile(settings -> settings.spool(spool()).admitWhileLimitsAreUnknown())) {
      assertThatThrownBy(() -> strict.begin(REQUEST))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("limits are unknown");
      assertThat(trusting.begin(REQUEST).succeeded(TokenUsage.of(1, 1)))
          .hasStatus(Receipt.Status.SPOOLED);
      recover(strict);
      recover(trusting);
      assertThat(storedIds()).hasSize(1);
    }
  }

  @Test
  final void anOutageThatOnlyQuestionsHaveSeenEndsByItself() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      store().breakDown();
      Eventually.eventually(
          "the breaker is open",
          () -> {
            assertThatThrownBy(() -> accounting.quotas().status(REQUEST))
                .isInstanceOf(BackendException.class);
            return !isReached(accounting);
          });

      store().recover();

      Eventually.eventually("the breaker is closed", () -> isReached(accounting));
    }
  }

  @Test
  final void withoutASpoolARecordWaitsForTheStoreWithinItsTimeout() throws Exception {
    try (LlmAccounting accounting = fragile(settings -> settings.timeout(Duration.ofSeconds(20)))) {
      breakDown(accounting);

      CompletableFuture<Receipt> waiting =
          CompletableFuture.supplyAsync(() -> accounting.track(aCall().usage()));
      recover(accounting);

      assertThat(waiting.get(20, TimeUnit.SECONDS)).isRecorded();
    }
  }

  @Test
  final void withoutASpoolNothingThatCouldNotBeRecordedIsLetThrough() {
    try (LlmAccounting accounting = fragile(settings -> settings);
        LlmAccounting going =
            fragile(
                settings ->
                    settings.continueOnError(handled::add).timeout(Duration.ofMillis(200)))) {
      seeLimits(accounting);
      seeLimits(going);
      breakDown(accounting);
      breakDown(going);

      assertThatThrownBy(() -> accounting.begin(REQUEST)).isInstanceOf(BackendException.class);
      assertThat(going.begin(REQUEST).succeeded(TokenUsage.of(1, 1)))
          .hasStatus(Receipt.Status.NOT_RECORDED);
      recover(accounting);
      recover(going);
    }
  }

  @Test
  final void everyTransitionIsToldOnceAndAListenerThatThrowsBreaksNothing() {
    AtomicInteger told = new AtomicInteger();
    AccountingListener broken =
        new AccountingListener() {
          @Override
          public void storeChanged(Health.Store store) {
            told.incrementAndGet();
            throw new AssertionError("the pager is broken");
          }
        };
    try (LlmAccounting accounting = fragile(settings -> settings.spool(spool()).listener(broken))) {
      breakDown(accounting);
      for (int i = 0; i < 20; i++) {
        accounting.track(aCall().usage());
      }
      recover(accounting);
      assertThat(storedIds()).hasSize(20);
    }
    assertThat(told).hasValue(2);
    assertThat(transitions)
        .extracting(Health.Store::breaker)
        .containsExactly(Health.Breaker.OPEN, Health.Breaker.CLOSED);
    assertThat(transitions.peek().reason()).contains("down");
  }

  @Test
  final void aNameThatWasSeenIsKnownInAnOutageAndANewOneIsNotLetThrough() {
    accounting().directory().addUser("alice");
    accounting().directory().addUser("bob");
    try (LlmAccounting accounting = fragile(settings -> settings.spool(spool()).enforceNames())) {
      seeLimits(accounting);
      breakDown(accounting);

      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      assertThatThrownBy(() -> accounting.begin(CallRequest.to("m").user("bob")))
          .isInstanceOf(BackendException.class);
      assertThat(accounting.track(aCall().by("bob").usage())).hasStatus(Receipt.Status.SPOOLED);
      recover(accounting);
      assertThat(storedIds()).hasSize(2);
    }
  }
}
