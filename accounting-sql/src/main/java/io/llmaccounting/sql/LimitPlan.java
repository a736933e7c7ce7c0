package io.llmaccounting.sql;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OwnedLimit;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The result of a change of limits, worked out before it is written.
 *
 * @param before the revision that it starts from
 * @param limits all limits as they are to be, by name
 * @param answer what is stored for each that was to be saved
 * @param written what is to be stored
 * @param removed the numbers of limits whose rows are removed, perhaps to be written again
 * @param dropped the numbers of limits whose counters are removed
 * @param anew the numbers of limits that are to be counted anew
 */
record LimitPlan(
    long before,
    List<StoredLimit> limits,
    List<StoredLimit> answer,
    Collection<StoredLimit> written,
    Set<Long> removed,
    Set<Long> dropped,
    Set<Long> anew) {

  /** Gives numbers to new limits. */
  interface Numbers {
    long next() throws SQLException;
  }

  /** What was replaced or deleted, and what was saved in its place. */
  private record Change(@Nullable StoredLimit before, @Nullable StoredLimit after) {}

  /** True if there is nothing to do. */
  boolean isNothing() {
    return removed.isEmpty() && written.isEmpty();
  }

  /** Removes limits, then saves others, one after the other. */
  static LimitPlan of(AllLimits known, LimitEdit edit, CounterSeed seed, Numbers numbers)
      throws SQLException {
    Draft draft = new Draft(known, seed);
    edit.removed().forEach(draft::remove);
    for (OwnedLimit saved : edit.saved()) {
      draft.save(saved, numbers);
    }
    return draft.plan(known.revision());
  }

  /** Saves limits, each for whoever owns the one that it replaces. */
  static LimitEdit saving(AllLimits known, List<Limit> limits) {
    ByName there = new ByName(known);
    List<OwnedLimit> saved = new ArrayList<>();
    for (Limit limit : limits) {
      StoredLimit replaced = there.get(limit.name());
      saved.add(new OwnedLimit(limit, replaced == null ? null : replaced.set()));
    }
    return new LimitEdit(saved, Set.of());
  }

  /** What is done so far. */
  private static final class Draft {
    private final ByName limits;
    private final CounterSeed seed;
    private final Map<String, StoredLimit> written = new TreeMap<>();
    private final List<StoredLimit> answer = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final Set<Long> removed = new TreeSet<>();
    private final Set<Long> dropped = new TreeSet<>();

    Draft(AllLimits known, CounterSeed seed) {
      this.limits = new ByName(known);
      this.seed = seed;
    }

    void remove(String name) {
      StoredLimit gone = limits.remove(name);
      if (gone != null) {
        removed.add(gone.id());
        dropped.add(gone.id());
        changes.add(new Change(gone, null));
      }
    }

    void save(OwnedLimit saved, Numbers numbers) throws SQLException {
      Limit limit = saved.limit();
      StoredLimit replaced = limits.get(limit.name());
      boolean keeps = replaced != null && seed.keeps(replaced.limit(), limit);
      StoredLimit stored =
          new StoredLimit(
              replaced != null && keeps ? replaced.id() : numbers.next(), limit, saved.set());
      if (replaced != null) {
        removed.add(replaced.id());
      }
      if (replaced != null && !keeps) {
        dropped.add(replaced.id());
      }
      if (!keeps) {
        changes.add(new Change(replaced, stored));
      }
      limits.put(stored);
      written.put(limit.name(), stored);
      answer.add(stored);
    }

    LimitPlan plan(long revision) {
      List<StoredLimit> all = limits.all();
      return new LimitPlan(
          revision,
          all,
          answer,
          written.values(),
          removed,
          dropped,
          countedAnew(changes, all, seed));
    }
  }

  /** Limits in the order of their names, of which few change. */
  private static final class ByName {
    private final List<StoredLimit> limits;

    ByName(AllLimits known) {
      this.limits = new ArrayList<>(known.limits());
    }

    List<StoredLimit> all() {
      return List.copyOf(limits);
    }

    @Nullable StoredLimit get(String name) {
      int at = search(name);
      return at < 0 ? null : limits.get(at);
    }

    void put(StoredLimit stored) {
      int at = search(stored.limit().name());
      if (at < 0) {
        limits.add(-at - 1, stored);
      } else {
        limits.set(at, stored);
      }
    }

    @Nullable StoredLimit remove(String name) {
      int at = search(name);
      return at < 0 ? null : limits.remove(at);
    }

    private int search(String name) {
      int low = 0;
      int high = limits.size() - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int order = limits.get(middle).limit().name().compareTo(name);
        if (order == 0) {
          return middle;
        }
        if (order < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return -low - 1;
    }
  }

  private static Set<Long> countedAnew(
      List<Change> changes, List<StoredLimit> limits, CounterSeed seed) {
    Set<Long> anew = new TreeSet<>();
    changes.forEach(
        change -> anew.addAll(seed.countedAnew(change.before(), change.after(), limits)));
    Set<Long> there = new TreeSet<>();
    for (StoredLimit stored : anew.isEmpty() ? List.<StoredLimit>of() : limits) {
      if (anew.contains(stored.id())) {
        there.add(stored.id());
      }
    }
    return there;
  }
}
