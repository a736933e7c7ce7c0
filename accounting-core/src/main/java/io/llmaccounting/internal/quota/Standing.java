package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.usage.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says how all counters stand at one instant. */
public final class Standing {
  private static final Comparator<LimitStatus> BY_NAME =
      Comparator.comparing((LimitStatus status) -> status.limit().name())
          .thenComparing(LimitStatus::subject);

  private Standing() {}

  /**
   * Lists every counter that has something in its window, by limit and subject. The single counter
   * of a limit that all calls share is always listed; other idle counters may have been removed.
   */
  public static List<LimitStatus> of(LedgerSnapshot snapshot) {
    Map<Long, Limit> limits = new HashMap<>();
    Map<CounterKey, CounterState> counters = new HashMap<>();
    for (StoredLimit stored : snapshot.limits()) {
      if (!stored.limit().isExemption()) {
        limits.put(stored.id(), stored.limit());
        if (isShared(stored.limit())) {
          counters.put(new CounterKey(stored.id(), ""), CounterState.EMPTY);
        }
      }
    }
    counters.putAll(snapshot.counters());
    long now = WindowExit.toMicros(snapshot.now());
    List<LimitStatus> statuses = new ArrayList<>();
    counters.forEach(
        (key, state) -> {
          Limit limit = limits.get(key.limitId());
          if (limit != null) {
            Counter counter = Counter.of(limit, state);
            counter.advance(now);
            if (counter.used() != 0 || counter.held() != 0 || isShared(limit)) {
              statuses.add(Admission.status(new Watch(limit, key), counter));
            }
          }
        });
    statuses.sort(BY_NAME);
    return statuses;
  }

  private static boolean isShared(Limit limit) {
    return limit.who().values().stream().noneMatch(match -> match.kind() == Match.Kind.EACH);
  }
}
