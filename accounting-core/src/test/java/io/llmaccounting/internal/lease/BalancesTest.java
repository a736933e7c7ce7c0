package io.llmaccounting.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Calls take from every lease that they need or from none. */
class BalancesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final CallRequest CALL = CallRequest.to("m");

  private final AtomicLong nanos = new AtomicLong();
  private final ManualClock wall = ManualClock.create();
  private final Balances balances =
      new Balances(new LeaseClock(nanos::get, wall), UUID::randomUUID);
  private final Watch calls = watch(1, Limit.named("calls").requests(1_000).lifetime().leased());
  private final Watch money =
      watch(2, Limit.named("money").cost(Cost.ofNanos(1_000)).lifetime().leased());

  private static Watch watch(long id, Limit limit) {
    return new Watch(limit, new CounterKey(id, ""));
  }

  private static Expectation costing(long amount) {
    return new Expectation(0, 0, Cost.ofNanos(amount));
  }

  /** Two calls in the ledger make a lease wanted; it is granted so much. */
  private OwnLease lease(Watch watch, long amount) {
    balances.decidedInLedger(List.of(watch), costing(1));
    balances.decidedInLedger(List.of(watch), costing(1));
    OwnLease lease = balances.thirsty().get(0);
    lease.granted(grant(watch, amount));
    balances.answered(lease, true);
    return lease;
  }

  private Grant grant(Watch watch, long amount) {
    LimitStatus status =
        new LimitStatus(watch.limit(), "", ManualClock.START, 0, 0, null, Duration.ZERO);
    return new Grant(0, 5_000_000, Long.MAX_VALUE, amount, balances.clock().now(), status);
  }

  private Balances.Taken take(long cost) {
    return balances.take(
        UUID.randomUUID(), CALL, List.of(calls, money), costing(cost), 600_000_000);
  }

  @Test
  void aCallTakesFromAllOrNone() {
    OwnLease requests = lease(calls, 5);
    OwnLease dollars = lease(money, 10);

    assertThat(take(11)).isNull();
    assertThat(List.of(requests.free(), dollars.free())).containsExactly(5L, 10L);
    Balances.Taken taken = take(4);

    assertThat(List.of(requests.free(), dollars.free())).containsExactly(4L, 6L);
    assertThat(taken.limits()).hasSize(2);
    assertThat(balances.release(taken.call())).isTrue();
    assertThat(balances.release(taken.call())).isFalse();
    assertThat(List.of(requests.free(), dollars.free())).containsExactly(5L, 10L);
  }

  @Test
  void whatIsBookedIsNeitherFreeNorOutstanding() {
    OwnLease requests = lease(calls, 5);
    OwnLease dollars = lease(money, 10);
    take(4).call().booked();

    assertThat(List.of(requests.free(), dollars.free())).containsExactly(4L, 6L);
    assertThat(List.of(requests.outstanding(), dollars.outstanding())).containsExactly(4L, 6L);
  }

  @Test
  void nothingIsTakenOnceTheLeaseMayHaveExpired() {
    lease(calls, 5);
    OwnLease dollars = lease(money, 10);
    nanos.set(4 * SECOND + SECOND / 2 - 1_000);
    assertThat(take(1)).isNotNull();

    nanos.set(4 * SECOND + SECOND / 2);

    assertThat(take(1)).isNull();
    assertThat(dollars.outstanding()).isEqualTo(10);
  }

  @Test
  void whatIsDrainedIsOutstandingUntilItHasArrived() {
    OwnLease lease = lease(calls, 5);

    assertThat(lease.drain(3)).isEqualTo(3);
    assertThat(lease.free()).isEqualTo(2);
    assertThat(lease.outstanding()).isEqualTo(5);
    lease.returned(3);
    assertThat(lease.outstanding()).isEqualTo(2);
    assertThat(lease.drain(Long.MAX_VALUE)).isEqualTo(2);
    lease.keep(2);
    assertThat(lease.free()).isEqualTo(2);
  }

  @Test
  void manyThreadsTakeExactlyWhatThereIs() throws Exception {
    lease(calls, 1_000);
    OwnLease dollars = lease(money, 700);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        counts.add(
            threads.submit(
                () -> {
                  int admitted = 0;
                  for (int j = 0; j < 500; j++) {
                    admitted += take(1) == null ? 0 : 1;
                  }
                  return admitted;
                }));
      }
      int admitted = 0;
      for (Future<Integer> count : counts) {
        admitted += count.get();
      }
      assertThat(admitted).isEqualTo(700);
      assertThat(dollars.free()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aLimitThatIsNotLeasedKeepsCallsFromBeingLetIn() {
    Watch plain = watch(3, Limit.named("plain").requests(5).lifetime());
    Watch warning = watch(4, Limit.named("warning").requests(5).lifetime().warning());

    assertThat(Balances.areAllLeased(List.of(calls, money, warning))).isTrue();
    assertThat(Balances.areAllLeased(List.of(calls, plain))).isFalse();
    assertThat(Balances.areAllLeased(List.of(warning))).isFalse();
  }
}
