package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.OwnedLimit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the limit of one name, from all limits as they are; starts over each time
 * that it is asked. Confined to one thread.
 */
public final class LimitDecision implements Function<AllLimits, LimitEdit> {
  private final String name;
  private final Function<Optional<OwnedLimit>, Optional<Limit>> wish;
  private @Nullable LimitChange last;

  /** Decides what {@code wish} says of the limit of this name. */
  public LimitDecision(String name, Function<Optional<OwnedLimit>, Optional<Limit>> wish) {
    this.name = name;
    this.wish = wish;
  }

  /** What the last answer comes to; empty where there is no limit before and after. */
  public Optional<LimitChange> change() {
    return Optional.ofNullable(last);
  }

  /** Whether the last answer changes anything. */
  public boolean isChange() {
    return last != null && last.kind() != LimitChange.Kind.UNCHANGED;
  }

  @Override
  public LimitEdit apply(AllLimits known) {
    OwnedLimit before = null;
    for (StoredLimit stored : known.limits()) {
      if (stored.limit().name().equals(name)) {
        before = new OwnedLimit(stored.limit(), stored.set());
      }
    }
    Limit after = wish.apply(Optional.ofNullable(before)).orElse(null);
    if (after != null && !after.name().equals(name)) {
      throw new IllegalArgumentException(
          "name must be \"%s\", was \"%s\"".formatted(name, after.name()));
    }
    last =
        before == null && after == null
            ? null
            : new LimitChange(before == null ? null : before.limit(), after);
    if (!isChange()) {
      return new LimitEdit(List.of(), Set.of());
    }
    return after == null
        ? new LimitEdit(List.of(), Set.of(name))
        : new LimitEdit(
            List.of(new OwnedLimit(after, before == null ? null : before.set())), Set.of());
  }
}
