package io.llmaccounting.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.LeasedCall;
import io.llmaccounting.internal.ledger.Expiry;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.LeaseOperation;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.internal.ledger.RunningLedger;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitSeed;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnfinishedCallsTest {
  private static final CallRequest CALL = CallRequest.to("m").user("alice").key("k");
  private static final long LIVES = 1_000_000;

  private final RunningLedger ledger = new RunningLedger();
  private final List<Usage> told = new ArrayList<>();
  private final CountDownLatch prices = new CountDownLatch(1);
  private volatile boolean pricesHang;
  private final Expiry expiry =
      new Expiry(
          usage -> {
            awaitPrices();
            return usage.withComputedCost(new PricedCost(Cost.ofNanos(7), "p"));
          },
          told::addAll,
          error -> {});
  private final UnfinishedCalls unfinished =
      new UnfinishedCalls(ledger.commits, ledger.limits, expiry, ledger.meters);
  private final Random random = new Random(1);

  /** A lease with room for many calls. */
  @BeforeEach
  void lease() {
    ledger
        .backend
        .limits()
        .save(Limit.named("calls").requests(1_000_000).lifetime().leased(), LimitSeed.SEED);
    List<Watch> watches = watches();
    for (int i = 0; i < 400; i++) {
      ledger.balances.decidedInLedger(watches, new Expectation(3, 4, Cost.ZERO));
    }
    ledger
        .balances
        .thirsty()
        .forEach(lease -> ledger.commits.book(new LeaseOperation(lease, ledger.balances)));
  }

  @AfterEach
  void close() {
    prices.countDown();
    ledger.close();
  }

  private void awaitPrices() {
    if (pricesHang) {
      try {
        prices.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private List<Watch> watches() {
    return ledger.limits.fresh().watching("m", null, Attribution.NONE);
  }

  private List<LeasedCall> expired(int count) {
    for (int i = 0; i < count; i++) {
      CallRequest call = count == 1 ? CALL : CallRequest.to("m");
      UUID id = UsageId.create(ledger.clock.instant(), random);
      Balances.Taken taken =
          ledger.balances.take(id, call, watches(), new Expectation(3, 4, Cost.ZERO), LIVES);
      assertThat(taken).as("call %d", i).isNotNull();
    }
    assertThat(ledger.balances.expired()).isEmpty();
    ledger.clock.advance(Duration.ofSeconds(1));
    List<LeasedCall> expired = ledger.balances.expired();
    assertThat(expired).hasSize(count);
    return expired;
  }

  private void book(List<LeasedCall> expired) {
    assertThat(unfinished.book(expired).orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
  }

  private long held() {
    return ledger.backend.ledger().holds().get(0).amounts().get(0).amount();
  }

  @Test
  void booksWhatWasExpectedAsAnEstimateAndTellsOfIt() {
    List<LeasedCall> expired = expired(1);
    long held = held();

    book(expired);

    Usage stored = ledger.backend.usage().find(expired.get(0).id()).orElseThrow().usage();
    assertThat(stored.outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(stored.source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(stored.tokens()).isEqualTo(TokenUsage.of(3, 4));
    assertThat(stored.cost()).contains(Cost.ofNanos(7));
    assertThat(stored.attribution().user()).isEqualTo("alice");
    assertThat(stored.key()).isEqualTo("k");
    assertThat(told).extracting(Usage::id).containsExactly(expired.get(0).id());
    assertThat(ledger.meters.of(Meters.Count.EXPIRED)).isEqualTo(1);
    assertThat(held()).as("the lease holds nothing for it any more").isEqualTo(held - 1);
    assertThat(ledger.balances.expired()).isEmpty();
  }

  @Test
  void booksSixtyFourAtOnceAndFindsTheRestAgain() {
    book(expired(100));

    assertThat(told).hasSize(64);
    assertThat(ledger.balances.expired()).hasSize(36);
    book(ledger.balances.expired());
    assertThat(ledger.balances.expired()).isEmpty();
    assertThat(told).hasSize(100);
    assertThat(ledger.stored()).hasSize(100);
  }

  @Test
  void aCallThatHasEndedMeanwhileStaysAsItEnded() {
    List<LeasedCall> expired = expired(1);
    LeasedCall call = expired.get(0);
    Usage end =
        new UsageBuilder(UsageId.timeOf(call.id()))
            .id(call.id())
            .model("m")
            .tokens(TokenUsage.of(1, 1))
            .build();
    ledger.commits.book(
        new RecordOperation(
            List.of(PendingRecord.of(call, end, Given.NOTHING)), OldUsage.REFUSE, false));
    long held = held();

    book(expired);

    assertThat(ledger.backend.usage().find(call.id()).orElseThrow().usage().outcome())
        .isEqualTo(Outcome.SUCCEEDED);
    assertThat(told).isEmpty();
    assertThat(ledger.meters.of(Meters.Count.EXPIRED)).isZero();
    assertThat(held()).isEqualTo(held);
  }

  @Test
  void aCallThatIsRenewedWhileItsPriceIsAskedIsNotBooked() {
    pricesHang = true;
    List<LeasedCall> expired = expired(2);
    CompletableFuture<Boolean> booked = unfinished.book(expired);
    expired.get(0).renew();

    prices.countDown();

    assertThat(booked.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
    assertThat(ledger.stored()).containsExactly(expired.get(1).id());
    assertThat(expired.get(0).isOver()).isFalse();
  }

  @Test
  void aCallThatIsGivenUpWhileItsPriceIsAskedIsNotBooked() {
    pricesHang = true;
    List<LeasedCall> expired = expired(1);
    CompletableFuture<Boolean> booked = unfinished.book(expired);
    assertThat(ledger.balances.release(expired.get(0))).isTrue();

    prices.countDown();

    assertThat(booked.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
    assertThat(ledger.stored()).isEmpty();
  }

  @Test
  void pricesThatHangAreToldOnceAndNothingHasWorkedMeanwhile() {
    pricesHang = true;
    List<LeasedCall> expired = expired(1);
    CompletableFuture<Boolean> booked = unfinished.book(expired);
    for (int look = 2; look < 10; look++) {
      assertThat(unfinished.book(expired)).isCompletedWithValue(false);
    }

    assertThat(unfinished.book(expired)).isCompletedExceptionally();

    assertThat(unfinished.book(expired)).isCompletedWithValue(false);
    prices.countDown();
    assertThat(booked.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
    assertThat(ledger.stored()).containsExactly(expired.get(0).id());
  }

  @Test
  void waitsUntilLimitsAreKnown() {
    UnfinishedCalls early =
        new UnfinishedCalls(
            ledger.commits,
            new CurrentLimits(ledger.backend.limits(), ledger.clock, Duration.ofSeconds(1)),
            expiry,
            ledger.meters);

    List<LeasedCall> expired = expired(1);
    assertThat(early.book(expired)).isCompletedWithValue(true);

    assertThat(ledger.stored()).isEmpty();
    assertThat(ledger.balances.expired()).hasSize(1);
  }

  @Test
  void booksNothingWhereNothingHasExpired() {
    assertThat(unfinished.book(List.of())).isCompletedWithValue(true);
    assertThat(ledger.stored()).isEmpty();
  }
}
