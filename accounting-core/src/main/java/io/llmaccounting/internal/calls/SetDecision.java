package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.LimitClashException;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.limit.OwnedLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a set of limits changes, from all limits as they are; starts over each time that it
 * is asked. Confined to one thread.
 */
public final class SetDecision implements Function<AllLimits, LimitEdit> {
  private final LimitSet set;
  private final boolean takesOver;
  private @Nullable LimitSetDiff last;

  /**
   * Decides for {@code set}.
   *
   * @param takesOver whether limits of its names become its own, whoever owned them before
   */
  public SetDecision(LimitSet set, boolean takesOver) {
    this.set = set;
    this.takesOver = takesOver;
  }

  /** What the last answer comes to. */
  public LimitSetDiff diff() {
    if (last == null) {
      throw new IllegalStateException("nothing was decided yet");
    }
    return last;
  }

  /**
   * Decides.
   *
   * @throws LimitClashException if limits of the set's names are not its own, and it takes nothing
   *     over
   */
  @Override
  public LimitEdit apply(AllLimits known) {
    Map<String, StoredLimit> there = new HashMap<>();
    known.limits().forEach(stored -> there.put(stored.limit().name(), stored));
    SortedMap<String, String> foreign = new TreeMap<>();
    List<LimitChange> changes = new ArrayList<>();
    List<OwnedLimit> saved = new ArrayList<>();
    for (Limit limit : set.limits()) {
      StoredLimit before = there.get(limit.name());
      boolean isOwn = before == null || set.name().equals(before.set());
      if (before != null && !isOwn) {
        foreign.put(limit.name(), before.set() == null ? "" : before.set());
      }
      LimitChange change = new LimitChange(before == null ? null : before.limit(), limit);
      changes.add(change);
      if (!isOwn || change.kind() != LimitChange.Kind.UNCHANGED) {
        saved.add(new OwnedLimit(limit, set.name()));
      }
    }
    if (!foreign.isEmpty() && !takesOver) {
      throw new LimitClashException(set.name(), foreign);
    }
    Set<String> removed = new HashSet<>();
    for (Limit gone : gone(known)) {
      changes.add(new LimitChange(gone, null));
      removed.add(gone.name());
    }
    last = new LimitSetDiff(set.name(), changes, foreign);
    return new LimitEdit(saved, removed);
  }

  private List<Limit> gone(AllLimits known) {
    Set<String> wanted = new HashSet<>();
    set.limits().forEach(limit -> wanted.add(limit.name()));
    return known.limits().stream()
        .filter(stored -> set.name().equals(stored.set()))
        .map(StoredLimit::limit)
        .filter(limit -> !wanted.contains(limit.name()))
        .toList();
  }
}
