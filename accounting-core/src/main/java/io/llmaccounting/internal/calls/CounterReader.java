package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.OwnFree;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.Counter;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.quota.WindowExit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.LimitStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads limits and counters as they stand now, and changes nothing. Safe for many threads. */
public final class CounterReader {
  private final Ledger ledger;
  private final CurrentLimits limits;
  private final Breaker breaker;
  private final Balances balances;

  /** Reads from {@code ledger}, unless {@code breaker} knows it to be away. */
  public CounterReader(Ledger ledger, CurrentLimits limits, Breaker breaker, Balances balances) {
    this.balances = balances;
    this.ledger = ledger;
    this.limits = limits;
    this.breaker = breaker;
  }

  LimitIndex limits() {
    return breaker.readOrRecall(limits::fresh);
  }

  static List<Watch> watching(LimitIndex index, CallRequest call) {
    return index.watching(call.model(), call.provider(), call.attribution());
  }

  /** Says what the decision would be; {@code watches} must not be empty. */
  Decision decide(List<Watch> watches, Expectation expected) {
    LedgerView view = peek(watches);
    // a real request would first give back what this process keeps free
    Function<CounterKey, Counter> shown =
        OwnFree.givenBack(balances.freeOn(watches), counters(watches, view));
    return Admission.decide(watches, shown, expected, null, view.now());
  }

  List<LimitStatus> statuses(List<Watch> watches) {
    return watches.isEmpty() ? List.of() : Admission.statuses(watches, counters(watches));
  }

  Function<CounterKey, Counter> counters(List<Watch> watches) {
    return watches.isEmpty() ? key -> null : counters(watches, peek(watches));
  }

  private LedgerView peek(List<Watch> watches) {
    TreeSet<CounterKey> keys = new TreeSet<>();
    watches.forEach(watch -> keys.add(watch.counter()));
    return breaker.read(() -> ledger.peek(keys));
  }

  private static Function<CounterKey, Counter> counters(List<Watch> watches, LedgerView view) {
    Map<CounterKey, Counter> counters = new HashMap<>();
    long now = WindowExit.toMicros(view.now());
    for (Watch watch : watches) {
      CounterState state = view.counters().getOrDefault(watch.counter(), CounterState.EMPTY);
      Counter counter = Counter.of(watch.limit(), state);
      counter.advance(now);
      counters.put(watch.counter(), counter);
    }
    return key -> Objects.requireNonNull(counters.get(key), "every watched counter was read");
  }
}
