package io.llmaccounting.internal.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.Grant;
import io.llmaccounting.internal.lease.LeaseClock;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Cost;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FootprintTest {
  private static final int RECORDS = 50_000;
  private static final double TOO_LITTLE = 0.9;

  private final ManualClock clock = ManualClock.create();
  private final Balances balances = new Balances(new LeaseClock(() -> 0, clock), UUID::randomUUID);
  private final Watch watch =
      new Watch(
          Limit.named("calls").requests(1_000_000).lifetime().leased(), new CounterKey(1, ""));

  private static PendingRecord plain() {
    return new PendingRecord(UsageFixtures.aCall().usage(), Given.NOTHING, true);
  }

  private void lease() {
    Expectation one = new Expectation(1, 1, Cost.ZERO);
    balances.decidedInLedger(List.of(watch), one);
    balances.decidedInLedger(List.of(watch), one);
    OwnLease lease = balances.thirsty().get(0);
    LimitStatus status =
        new LimitStatus(watch.limit(), "", ManualClock.START, 0, 0, null, Duration.ZERO);
    lease.granted(
        new Grant(0, 5_000_000, Long.MAX_VALUE, 1_000_000, balances.clock().now(), status));
    balances.answered(lease, true);
  }

  private PendingRecord leased() {
    CallRequest request = CallRequest.to("m").inputTokens(1).maxOutputTokens(1);
    Balances.Taken taken =
        balances.take(
            UUID.randomUUID(),
            request,
            List.of(watch),
            new Expectation(1, 1, Cost.ofNanos(3)),
            60_000_000);
    return PendingRecord.of(taken.call(), UsageFixtures.aCall().usage(), Given.NOTHING);
  }

  @Test
  void aRecordOfALeasedCallWeighsWhatItKeepsBesides() {
    lease();
    long more = Footprint.of(leased()) - Footprint.of(plain());

    double measured = heap(this::leased) - heap(FootprintTest::plain);

    assertThat((double) more).as("measured %.0f", measured).isGreaterThan(TOO_LITTLE * measured);
  }

  /** Bytes of the heap that each takes. */
  private static double heap(Supplier<PendingRecord> made) {
    List<PendingRecord> all = new ArrayList<>(RECORDS);
    long before = used();
    for (int i = 0; i < RECORDS; i++) {
      all.add(made.get());
    }
    long after = used();
    assertThat(all).hasSize(RECORDS);
    return (double) (after - before) / RECORDS;
  }

  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
