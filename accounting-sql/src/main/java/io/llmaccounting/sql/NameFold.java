package io.llmaccounting.sql;

import io.llmaccounting.usage.ReportRow;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Where usage goes in rollups: under its own names, or on days that are full under the one that
 * stands for all others. Immutable.
 */
public final class NameFold {
  private final Set<RollupName.Day> full;
  private final Set<RollupName> own;

  /** {@code own} are the names of days that are full which have rows of their own. */
  NameFold(Set<RollupName.Day> full, Set<RollupName> own) {
    this.full = full;
    this.own = own;
  }

  /** The key of the row that what belongs to {@code key} is counted in. */
  public RollupKey fold(RollupKey key) {
    if (full.isEmpty()) {
      return key;
    }
    RollupKey folded = key;
    for (RollupName name : names(key, full)) {
      if (!own.contains(name)) {
        folded = name.day().dimension().with(folded, ReportRow.OTHERS);
      }
    }
    return folded;
  }

  /** Names in {@code key} that have to be looked up, because their day is full. */
  static Set<RollupName> names(RollupKey key, Set<RollupName.Day> full) {
    Set<RollupName> names = new LinkedHashSet<>();
    for (RollupDimension dimension : RollupDimension.ALL) {
      RollupName.Day day = new RollupName.Day(key.day(), dimension);
      String name = dimension.name(key);
      if (!name.isEmpty() && full.contains(day)) {
        names.add(new RollupName(day, name));
      }
    }
    return names;
  }
}
