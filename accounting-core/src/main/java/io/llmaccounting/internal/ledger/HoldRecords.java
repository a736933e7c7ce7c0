package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.Counter;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.quota.WindowExit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Saturated;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes hold records. */
final class HoldRecords {
  private HoldRecords() {}

  /** What an admitted request keeps on every limit that watches it. */
  static HoldRecord of(HoldRequest request, List<Watch> watches, LedgerTransaction transaction) {
    long now = WindowExit.toMicros(transaction.now());
    List<HoldRecord.Amount> amounts = new ArrayList<>(watches.size());
    for (Watch watch : watches) {
      Counter counter = transaction.counter(watch.counter());
      long amount = Math.max(0, Admission.amount(watch, request.expected(), counter));
      long leaves = counter.leaves(now);
      amounts.add(new HoldRecord.Amount(watch.counter(), amount, leaves));
    }
    return new HoldRecord(
        request.id(),
        request.call().model(),
        request.call().provider(),
        request.call().attribution(),
        transaction.now(),
        expiry(now, request.livesMicros()),
        request.livesMicros(),
        request.expected().toExpected(),
        amounts,
        asked(request.call()),
        null);
  }

  private static HoldRecord.Asked asked(CallRequest call) {
    return new HoldRecord.Asked(
        call.key(), call.operation(), call.serviceTier(), call.batch(), call.region());
  }

  /** What a hold keeps once it has grown to {@code total} on the counters that it is on. */
  static HoldRecord grown(HoldRecord hold, List<Watch> watches, Expectation total) {
    List<HoldRecord.Amount> amounts = new ArrayList<>(hold.amounts().size());
    for (HoldRecord.Amount amount : hold.amounts()) {
      long more = 0;
      for (Watch watch : watches) {
        if (watch.counter().equals(amount.counter())) {
          more = Admission.more(watch, total, hold);
        }
      }
      amounts.add(
          new HoldRecord.Amount(
              amount.counter(), Saturated.sum(amount.amount(), more), amount.leaves()));
    }
    return hold.holding(atLeast(hold.expected(), total), amounts);
  }

  private static HoldRecord.Expected atLeast(HoldRecord.Expected before, Expectation total) {
    Cost cost = before.cost();
    if (cost == null || (total.cost() != null && total.cost().compareTo(cost) > 0)) {
      cost = total.cost();
    }
    return new HoldRecord.Expected(
        Math.max(before.inputTokens(), total.inputTokens()),
        Math.max(before.outputTokens(), total.outputTokens()),
        cost);
  }

  /**
   * When a hold that lives so long from {@code now} expires: rounded up to a second, or for long
   * ones to a 512th of their time, so that few instants are told apart in a counter.
   */
  static Instant expiry(long now, long livesMicros) {
    long step = Math.max(1_000_000L, livesMicros / 512);
    return WindowExit.toInstant(
        Math.floorDiv(Math.addExact(now, livesMicros) + step - 1, step) * step);
  }
}
