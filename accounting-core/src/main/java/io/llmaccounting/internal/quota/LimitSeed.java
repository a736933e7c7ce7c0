package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.Recounting;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts a new or changed limit from the records and the live holds. When an exemption comes or
 * goes, it also counts every limit that the exemption lifts, because usage is not counted where it
 * is lifted. Stateless.
 */
public final class LimitSeed implements CounterSeed {
  /** The only instance: it has no state. */
  public static final LimitSeed SEED = new LimitSeed();

  private LimitSeed() {}

  /** True if both charge the same amounts to the same counters over the same window. */
  @Override
  public boolean keeps(Limit replaced, Limit saved) {
    return replaced.who().equals(saved.who())
        && replaced.metric() == saved.metric()
        && replaced.window().equals(saved.window())
        && Objects.equals(replaced.chosenGrain(), saved.chosenGrain())
        && Objects.equals(replaced.weights(), saved.weights())
        && replaced.unpriced().ceiling().equals(saved.unpriced().ceiling())
        && replaced.isExemption() == saved.isExemption();
  }

  @Override
  public Set<Long> countedAnew(
      @Nullable StoredLimit before, @Nullable StoredLimit after, List<StoredLimit> limits) {
    if (!isExemption(before) && !isExemption(after)) {
      return after == null ? Set.of() : Set.of(after.id());
    }
    return limits.stream()
        .filter(stored -> !stored.limit().isExemption())
        .filter(
            stored ->
                stored.equals(after)
                    || isLifted(stored.limit(), before)
                    || isLifted(stored.limit(), after))
        .map(StoredLimit::id)
        .collect(Collectors.toSet());
  }

  private static boolean isExemption(@Nullable StoredLimit stored) {
    return stored != null && stored.limit().isExemption();
  }

  private static boolean isLifted(Limit limit, @Nullable StoredLimit by) {
    return by != null && by.limit().lifts(limit);
  }

  @Override
  public Recounting recount(Set<Long> anew, List<StoredLimit> limits, Instant now) {
    return new CountedAnew(anew, limits, now);
  }
}
