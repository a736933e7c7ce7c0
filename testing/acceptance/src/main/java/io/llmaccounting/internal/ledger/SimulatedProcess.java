package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.LeaseClock;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One process of them. */
final class SimulatedProcess {
  final Duration offset;
  final Balances balances;
  final SimulatedLedger ledger;
  final List<SimulatedCall> calls = new ArrayList<>();
  Instant pausedUntil = Instant.EPOCH;
  LimitIndex known;
  private final ManualClock clock;

  SimulatedProcess(UsageBackend backend, ManualClock clock, Random random, Meters meters) {
    this.clock = clock;
    known = new LimitIndex(backend.limits().load());
    offset = Duration.ofMillis(random.nextInt(4_000_000) - 2_000_000);
    balances =
        new Balances(
            new LeaseClock(
                () -> ChronoUnit.NANOS.between(ManualClock.START, clock.instant()),
                () -> clock.instant().plus(offset)),
            () -> UsageId.create(clock.instant(), random));
    ledger = new SimulatedLedger(backend, balances, meters, random, clock);
  }

  boolean isPaused() {
    return clock.instant().isBefore(pausedUntil);
  }

  /** The limits that watch a call, as far as the process knows. */
  List<Watch> watching(CallRequest request) {
    return known.watching(request.model(), null, request.attribution());
  }

  /** One of its calls under way; null where there is none. */
  SimulatedCall any(Random random) {
    return calls.isEmpty() ? null : calls.get(random.nextInt(calls.size()));
  }
}
