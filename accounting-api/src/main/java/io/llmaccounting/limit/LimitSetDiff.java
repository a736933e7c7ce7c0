package io.llmaccounting.limit;

import io.llmaccounting.validation.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How limits differ from a {@link LimitSet}, or what applying it has done. Immutable.
 *
 * @param set the set's name
 * @param changes by name of the limit, unchanged ones included
 * @param takenOver limits that the set did not own before and owns from now on: by name the set
 *     that owned it, or an empty text where it was made by hand
 */
public record LimitSetDiff(
    String set, List<LimitChange> changes, SortedMap<String, String> takenOver) {
  /** Sorts and copies. */
  public LimitSetDiff {
    Check.name("name of a set of limits", set);
    List<LimitChange> sorted = new ArrayList<>(changes);
    sorted.sort(Comparator.comparing(LimitChange::name));
    changes = List.copyOf(sorted);
    takenOver = Collections.unmodifiableSortedMap(new TreeMap<>(takenOver));
  }

  /** Limits that are new. */
  public List<LimitChange> created() {
    return of(LimitChange.Kind.CREATED);
  }

  /** Limits that are others than they were. */
  public List<LimitChange> changed() {
    return of(LimitChange.Kind.CHANGED);
  }

  /** Limits that are gone. */
  public List<LimitChange> removed() {
    return of(LimitChange.Kind.REMOVED);
  }

  /** Limits that are as they were. */
  public List<LimitChange> unchanged() {
    return of(LimitChange.Kind.UNCHANGED);
  }

  /** True if there is nothing to do, or nothing was done. */
  public boolean isEmpty() {
    return takenOver.isEmpty() && unchanged().size() == changes.size();
  }

  private List<LimitChange> of(LimitChange.Kind kind) {
    return changes.stream().filter(change -> change.kind() == kind).toList();
  }

  /**
   * A line of counts, then a line for each limit that is not as it was: {@code +} created, {@code
   * ~} changed, {@code -} removed, {@code =} taken over as it is.
   */
  @Override
  public String toString() {
    String counts =
        "limits of set \"%s\": %d created, %d changed, %d removed, %d unchanged"
            .formatted(
                set, created().size(), changed().size(), removed().size(), unchanged().size());
    return changes.stream()
        .filter(
            change ->
                change.kind() != LimitChange.Kind.UNCHANGED || takenOver.containsKey(change.name()))
        .map(change -> "\n" + change + owner(takenOver.get(change.name())))
        .collect(Collectors.joining("", counts, ""));
  }

  private static String owner(@Nullable String before) {
    if (before == null) {
      return "";
    }
    return before.isEmpty()
        ? " (taken over, was made by hand)"
        : " (taken over from set \"" + before + "\")";
  }
}
