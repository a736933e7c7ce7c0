package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fills the counters of a new or changed limit from the records in its window. Confined to one
 * thread.
 */
public final class LimitSeed implements CounterSeed {
  private final Limit limit;
  private final List<Limit> exemptions;
  private final boolean always;
  private final Map<String, Counter> counters = new HashMap<>();
  private long now;

  /**
   * Counters of {@code limit}.
   *
   * @param exemptions those that may lift it from a call
   * @param always true to fill them anew although the limit has not changed
   */
  public LimitSeed(Limit limit, List<Limit> exemptions, boolean always) {
    this.limit = limit;
    this.exemptions = exemptions.stream().filter(exemption -> exemption.lifts(limit)).toList();
    this.always = always;
  }

  @Override
  public Optional<Instant> begin(@Nullable StoredLimit replaced, Instant now) {
    counters.clear();
    this.now = Leaving.toMicros(now);
    if (replaced != null && !always && countsAlike(replaced.limit(), limit)) {
      return Optional.empty();
    }
    return Optional.of(
        limit.isExemption()
            ? now
            : Leaving.toInstant(new Leaving(limit).earliestCounting(this.now)));
  }

  /** True if both charge the same amounts to the same counters over the same window. */
  static boolean countsAlike(Limit one, Limit other) {
    return one.who().equals(other.who())
        && one.metric() == other.metric()
        && one.window().equals(other.window())
        && one.grain().equals(other.grain())
        && one.unpriced().ceiling().equals(other.unpriced().ceiling())
        && one.isExemption() == other.isExemption();
  }

  @Override
  public void accept(RecordedUsage recorded) {
    Usage usage = recorded.usage();
    if (limit.isExemption() || !watches(limit, usage)) {
      return;
    }
    for (Limit exemption : exemptions) {
      if (watches(exemption, usage)) {
        return;
      }
    }
    String subject = Subjects.of(limit, usage.model(), usage.provider(), usage.attribution());
    Counter counter =
        counters.computeIfAbsent(
            subject, key -> Counter.of(limit, new CounterState(now, new byte[0])));
    counter.charge(Leaving.toMicros(recorded.chargedAt()), Amounts.of(limit, recorded));
  }

  private static boolean watches(Limit limit, Usage usage) {
    return limit.watches(usage.model(), usage.provider(), usage.attribution());
  }

  @Override
  public Map<String, CounterState> counters() {
    Map<String, CounterState> states = new HashMap<>();
    counters.forEach((subject, counter) -> states.put(subject, counter.toState()));
    return states;
  }
}
