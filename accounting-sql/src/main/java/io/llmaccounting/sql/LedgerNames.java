package io.llmaccounting.sql;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportRow;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how many names of a day rollups tell apart. A name is written down the first time that
 * this process meets it on a day; when enough were, they are counted, and once there are too many
 * the day is full for everybody. What was met is remembered, so that an ordinary transaction asks
 * for nothing more. Safe for use by many threads.
 */
final class LedgerNames {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerNames.class);

  // what is forgotten is written down again, which changes nothing
  private static final int MOST_REMEMBERED = 65_536;

  private final NameRows rows;
  private volatile State state = new State(-1, Long.MAX_VALUE, Set.of());

  LedgerNames(NameRows rows) {
    this.rows = rows;
  }

  /** What was found at one revision, and what was met since. */
  private static final class State {
    final long revision;
    final long most;
    final Set<RollupName.Day> full;
    final Map<RollupName.Day, Met> met = new ConcurrentHashMap<>();
    final AtomicInteger remembered = new AtomicInteger();

    State(long revision, long most, Set<RollupName.Day> full) {
      this.revision = revision;
      this.most = most;
      this.full = full;
    }

    boolean knows(RollupName.Day day, String name) {
      Met known = met.get(day);
      return known != null && known.names.contains(name);
    }

    void remember(RollupName name, boolean isNew) {
      if (remembered.incrementAndGet() > MOST_REMEMBERED) {
        met.values().forEach(one -> one.names.clear());
        remembered.set(0);
      }
      Met known = met.computeIfAbsent(name.day(), first -> new Met());
      known.names.add(name.name());
      if (isNew) {
        known.since.incrementAndGet();
      }
    }
  }

  /** The names of a day that this process has met. */
  private static final class Met {
    private static final int LONGEST_STEP = 500;

    final Set<String> names = ConcurrentHashMap.newKeySet();
    final AtomicInteger since = new AtomicInteger();
    volatile long counted = -1;

    /** Others may add names at the same time: the fewer are left, the sooner it is looked. */
    boolean isToBeCounted(int more, long most) {
      return counted < 0
          || since.get() + more >= Math.max(1, Math.min(LONGEST_STEP, (most - counted) / 16));
    }

    void counted(long names) {
      counted = names;
      since.set(0);
    }
  }

  /** The names of one transaction, in which the revision was read under the ledger's lock. */
  Batch begin(SqlSession session, long revision) throws SQLException {
    State known = state;
    if (known.revision != revision) {
      known = new State(revision, StoreSettings.NAMES_PER_DAY.read(session), rows.full(session));
      state = known;
    }
    return new Batch(known);
  }

  /** What one transaction does with names. Confined to one thread. */
  final class Batch {
    private final State known;
    private final Set<RollupName> found = new HashSet<>();
    private final SortedSet<RollupName> met = new TreeSet<>();
    private final Map<RollupName.Day, Long> counts = new HashMap<>();

    private Batch(State known) {
      this.known = known;
    }

    /** Looks for names of records on days that are full, together with what else is asked. */
    void look(Pipeline pipeline, List<RecordedUsage> records) throws SQLException {
      if (known.full.isEmpty()) {
        return;
      }
      Set<RollupName> asked = new TreeSet<>();
      for (RecordedUsage record : records) {
        asked.addAll(NameFold.names(RollupKey.finest(record.usage()), known.full));
      }
      asked.removeIf(name -> known.knows(name.day(), name.name()));
      rows.find(pipeline, asked, found::add);
    }

    /**
     * Those of the records with these ids, that were looked for, which have a name without a row.
     */
    Map<UUID, Set<Dimension>> others(List<RecordedUsage> records, Set<UUID> ids) {
      if (known.full.isEmpty()) {
        return Map.of();
      }
      Map<UUID, Set<Dimension>> others = new HashMap<>();
      for (RecordedUsage record : records) {
        Set<Dimension> folded = folded(record);
        if (!folded.isEmpty() && ids.contains(record.usage().id())) {
          others.put(record.usage().id(), folded);
        }
      }
      return others;
    }

    private Set<Dimension> folded(RecordedUsage record) {
      Set<Dimension> folded = new HashSet<>();
      for (RollupName name : NameFold.names(RollupKey.finest(record.usage()), known.full)) {
        if (!isOwn(name.day(), name.name())) {
          folded.add(name.day().dimension().dimension());
        }
      }
      return folded;
    }

    /** Where what belongs to {@code key} is counted; its names count as met. */
    RollupKey fold(RollupKey key) {
      RollupKey folded = key;
      for (RollupDimension dimension : RollupDimension.ALL) {
        String name = dimension.name(key);
        if (name.isEmpty()) {
          continue;
        }
        RollupName.Day day = new RollupName.Day(key.day(), dimension);
        if (isOwn(day, name)) {
          continue;
        }
        if (known.full.contains(day)) {
          folded = dimension.with(folded, ReportRow.OTHERS);
        } else {
          met.add(new RollupName(day, name));
        }
      }
      return folded;
    }

    private boolean isOwn(RollupName.Day day, String name) {
      return known.knows(day, name) || found.contains(new RollupName(day, name));
    }

    /** Where corrections of records go. */
    NameFold fold(SqlSession session, Collection<RollupKey> keys) throws SQLException {
      return rows.fold(session, known.full, keys);
    }

    /** Writes down what was met, together with what else is written. */
    void register(Pipeline pipeline) throws SQLException {
      if (met.isEmpty()) {
        return;
      }
      rows.register(pipeline, met);
      Map<RollupName.Day, Integer> more = new HashMap<>();
      met.forEach(name -> more.merge(name.day(), 1, Integer::sum));
      SortedSet<RollupName.Day> asked = new TreeSet<>();
      more.forEach(
          (day, names) -> {
            Met before = known.met.get(day);
            if (before == null || before.isToBeCounted(names, known.most)) {
              asked.add(day);
            }
          });
      rows.count(pipeline, asked, counts::put);
    }

    /** The transaction is committed. */
    void committed(Connections connections) {
      found.forEach(name -> known.remember(name, false));
      met.forEach(name -> known.remember(name, true));
      counts.forEach(
          (day, names) -> {
            Met counted = known.met.get(day);
            if (counted != null) {
              counted.counted(names);
            }
            if (names >= known.most) {
              fill(connections, day);
            }
          });
    }
  }

  private void fill(Connections connections, RollupName.Day day) {
    try {
      connections.write(
          session -> {
            rows.fill(session, day);
            return true;
          });
    } catch (RuntimeException e) {
      // what was booked is booked; the next new name tries again
      LOG.warn("rollups cannot stop telling names of {} apart; it is tried again", day, e);
    }
  }
}
