package io.llmaccounting.sql;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
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
 * this process meets it on a day; when enough were new, they are counted, and once there are too
 * many the day is full for everybody. Names that were met are remembered, so that an ordinary
 * transaction needs no further query as long as no more names are in use than are remembered. Safe
 * for use by many threads.
 */
final class LedgerNames {
  /**
   * This takes some 30 MB. The half that was met most recently is surely remembered: as many names
   * as the bound of a new store, but for all dimensions and days together.
   */
  static final int REMEMBERED = 200_000;

  private static final Logger LOG = LoggerFactory.getLogger(LedgerNames.class);

  private final NameRows rows;
  private final int remembered;
  private final Set<RollupName.Day> complainedOf = ConcurrentHashMap.newKeySet();
  private volatile State state;

  /** Remembers {@code remembered} names. */
  LedgerNames(NameRows rows, int remembered) {
    this.rows = rows;
    this.remembered = remembered;
    this.state = new State(-1, Long.MAX_VALUE, Set.of(), new MetNames(remembered));
  }

  /** What was found at one revision, and the names that were met since. */
  private record State(
      long revision,
      long most,
      Set<RollupName.Day> full,
      MetNames met,
      Map<RollupName.Day, Counting> counting) {
    State(long revision, long most, Set<RollupName.Day> full, MetNames met) {
      this(revision, most, full, met, new ConcurrentHashMap<>());
    }

    Counting counting(RollupName.Day day) {
      return counting.computeIfAbsent(day, first -> new Counting());
    }
  }

  /** Says when the names of a day are to be counted. */
  private static final class Counting {
    private static final int LONGEST_STEP = 500;

    private final AtomicInteger since = new AtomicInteger();
    private volatile long counted = -1;

    /**
     * Other processes may add names at the same time: the fewer are left, the sooner they are
     * counted.
     */
    boolean isDue(int more, long most) {
      return counted < 0
          || since.get() + more >= Math.max(1, Math.min(LONGEST_STEP, (most - counted) / 16));
    }

    void added() {
      since.incrementAndGet();
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
      known =
          new State(
              revision,
              StoreSettings.NAMES_PER_DAY.read(session),
              rows.full(session),
              new MetNames(remembered));
      state = known;
    }
    return new Batch(known);
  }

  /** What one transaction does with names. Confined to one thread. */
  final class Batch {
    private final State known;
    // the names of full days; asked for once, because a remembered name may be forgotten at any
    // time
    private final Set<RollupName> own = new HashSet<>();
    private final SortedSet<RollupName> met = new TreeSet<>();
    private final Set<RollupName> added = new HashSet<>();
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
        for (RollupName name : onFullDays(record)) {
          if (known.met.contains(name)) {
            own.add(name);
          } else {
            asked.add(name);
          }
        }
      }
      rows.find(pipeline, asked, own::add);
    }

    private List<RollupName> onFullDays(RecordedUsage record) {
      return NameFold.names(RollupKey.finest(record.usage()), known.full);
    }

    /**
     * Of the records with these ids, which were looked for before, those that have a name without a
     * row of its own.
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
      for (RollupName name : onFullDays(record)) {
        if (!own.contains(name)) {
          folded.add(name.day().dimension().dimension());
        }
      }
      return folded;
    }

    /** The row in which the usage of {@code key} is counted; the key's names count as met. */
    RollupKey fold(RollupKey key) {
      return NameFold.fold(key, this::isToldApart);
    }

    private boolean isToldApart(RollupName name) {
      if (known.full.contains(name.day())) {
        return own.contains(name);
      }
      if (!known.met.contains(name)) {
        met.add(name);
      }
      return true;
    }

    /** Says in which rows corrections of records are counted. */
    NameFold fold(SqlSession session, Collection<RollupKey> keys) throws SQLException {
      return rows.fold(session, known.full, keys);
    }

    /** Writes down the names that were met, together with what else is written. */
    void register(Pipeline pipeline) throws SQLException {
      if (met.isEmpty()) {
        return;
      }
      rows.register(pipeline, met, added::add);
      Map<RollupName.Day, Integer> more = new HashMap<>();
      met.forEach(name -> more.merge(name.day(), 1, Integer::sum));
      SortedSet<RollupName.Day> asked = new TreeSet<>();
      more.forEach(
          (day, names) -> {
            if (known.counting(day).isDue(names, known.most)) {
              asked.add(day);
            }
          });
      rows.count(pipeline, asked, counts::put);
    }

    /** Remembers the names after the transaction was committed. */
    void committed(Connections connections) {
      own.forEach(known.met::add);
      met.forEach(known.met::add);
      added.forEach(name -> known.counting(name.day()).added());
      counts.forEach(
          (day, names) -> {
            known.counting(day).counted(names);
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
      complainedOf.remove(day);
    } catch (RuntimeException e) {
      // the usage is booked all the same; the next new name tries again
      if (complainedOf.add(day)) {
        LOG.warn("rollups cannot stop telling names of {} apart; it is tried again", day, e);
      }
    }
  }
}
