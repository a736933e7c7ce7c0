package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.LimitSet;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
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

  /** Saves limits, one after the other. */
  static LimitPlan saving(LimitSet known, List<Limit> saved, CounterSeed seed, Numbers numbers)
      throws SQLException {
    ByName limits = new ByName(known);
    Map<String, StoredLimit> written = new TreeMap<>();
    List<StoredLimit> answer = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    Set<Long> removed = new TreeSet<>();
    Set<Long> dropped = new TreeSet<>();
    for (Limit limit : saved) {
      StoredLimit replaced = limits.get(limit.name());
      boolean keeps = replaced != null && seed.keeps(replaced.limit(), limit);
      StoredLimit stored =
          new StoredLimit(replaced != null && keeps ? replaced.id() : numbers.next(), limit);
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
    List<StoredLimit> all = limits.all();
    return new LimitPlan(
        known.revision(),
        all,
        answer,
        written.values(),
        removed,
        dropped,
        countedAnew(changes, all, seed));
  }

  /** Removes a limit, if there is one of that name. */
  static LimitPlan deleting(LimitSet known, String name, CounterSeed seed) {
    ByName limits = new ByName(known);
    StoredLimit deleted = limits.remove(name);
    List<StoredLimit> all = limits.all();
    Set<Long> gone = deleted == null ? Set.of() : Set.of(deleted.id());
    List<Change> changes = deleted == null ? List.of() : List.of(new Change(deleted, null));
    return new LimitPlan(
        known.revision(), all, List.of(), List.of(), gone, gone, countedAnew(changes, all, seed));
  }

  /** Limits in the order of their names, of which few change. */
  private static final class ByName {
    private final List<StoredLimit> limits;

    ByName(LimitSet known) {
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
