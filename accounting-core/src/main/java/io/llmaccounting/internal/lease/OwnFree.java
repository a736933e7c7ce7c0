package io.llmaccounting.internal.lease;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.internal.quota.Counter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The room that a lease of this process keeps free on a counter: the ledger holds it, and yet a
 * call of this process may use it.
 *
 * @param counter the counter
 * @param leaves when the lease leaves the window, microseconds since 1970
 * @param expires when it expires
 * @param amount in the limit's unit
 */
public record OwnFree(CounterKey counter, long leaves, long expires, long amount) {
  /** Counters as they would be if all of {@code own} were given back; the others as they are. */
  public static Function<CounterKey, Counter> givenBack(
      List<OwnFree> own, Function<CounterKey, Counter> counters) {
    if (own.isEmpty()) {
      return counters;
    }
    Map<CounterKey, Counter> changed = new HashMap<>();
    for (OwnFree free : own) {
      Counter counter = counters.apply(free.counter());
      Counter copy = Counter.of(counter.limit(), counter.toState());
      copy.release(free.leaves(), free.expires(), free.amount());
      changed.put(free.counter(), copy);
    }
    return key -> {
      Counter copy = changed.get(key);
      return copy == null ? counters.apply(key) : copy;
    };
  }
}
