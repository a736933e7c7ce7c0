package io.llmaccounting.sql;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Collects the names of one day in the order in which they come, until there are too many of a
 * dimension.
 */
public final class NamesOfDay {
  private final long most;
  private final Map<RollupDimension, Set<String>> own = new EnumMap<>(RollupDimension.class);
  private final Set<RollupDimension> full = EnumSet.noneOf(RollupDimension.class);

  /** Tells at most so many of each dimension apart. */
  public NamesOfDay(long most) {
    this.most = most;
  }

  /** The key of the row in which the usage of {@code key} is counted. */
  public RollupKey fold(RollupKey key) {
    return NameFold.fold(key, name -> isOwn(name.day().dimension(), name.name()));
  }

  private boolean isOwn(RollupDimension dimension, String name) {
    Set<String> names = own.computeIfAbsent(dimension, first -> new HashSet<>());
    if (names.contains(name)) {
      return true;
    }
    if (names.size() < most) {
      return names.add(name);
    }
    full.add(dimension);
    return false;
  }

  /** Stores the names as those of the day that begins at {@code day}. */
  public void write(SqlSession session, long day) throws SQLException {
    NameRows rows = new NameRows(session.dialect());
    Set<RollupName> names = new TreeSet<>();
    own.forEach(
        (dimension, some) ->
            some.forEach(
                name -> names.add(new RollupName(new RollupName.Day(day, dimension), name))));
    Pipeline alone = new Pipeline(session);
    rows.register(alone, names, name -> {});
    alone.run();
    for (RollupDimension dimension : full) {
      rows.markFull(session, new RollupName.Day(day, dimension));
    }
  }
}
