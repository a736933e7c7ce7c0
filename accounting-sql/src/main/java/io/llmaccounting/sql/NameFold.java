package io.llmaccounting.sql;

import io.llmaccounting.usage.ReportRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Says under which names usage is counted in rollups: under its own, or on days that are full under
 * the name that stands for all others. Immutable.
 */
public final class NameFold {
  private final Set<RollupName.Day> full;
  private final Set<RollupName> own;

  /** {@code own} are the names of days that are full which have rows of their own. */
  NameFold(Set<RollupName.Day> full, Set<RollupName> own) {
    this.full = full;
    this.own = own;
  }

  /** The key of the row in which the usage of {@code key} is counted. */
  public RollupKey fold(RollupKey key) {
    return full.isEmpty()
        ? key
        : fold(key, name -> !full.contains(name.day()) || own.contains(name));
  }

  /** The key with the name for all others in place of each that is not told apart. */
  static RollupKey fold(RollupKey key, Predicate<RollupName> isToldApart) {
    RollupKey folded = key;
    for (RollupName name : names(key)) {
      if (!isToldApart.test(name)) {
        folded = name.day().dimension().with(folded, ReportRow.OTHERS);
      }
    }
    return folded;
  }

  /** Names in {@code key} that have to be looked up, because their day is full. */
  static List<RollupName> names(RollupKey key, Set<RollupName.Day> full) {
    List<RollupName> names = names(key);
    names.removeIf(name -> !full.contains(name.day()));
    return names;
  }

  private static List<RollupName> names(RollupKey key) {
    List<RollupName> names = new ArrayList<>(RollupDimension.ALL.size());
    for (RollupDimension dimension : RollupDimension.ALL) {
      String name = dimension.name(key);
      if (!name.isEmpty()) {
        names.add(new RollupName(new RollupName.Day(key.day(), dimension), name));
      }
    }
    return names;
  }
}
