package io.llmaccounting.sql;

import static java.util.stream.Collectors.joining;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Saturated;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageTotals;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Corrected costs beside the records they correct, which stay as they are, and in rollups. This is
 * rare work, so each row takes a statement of its own. Safe for use by many threads.
 */
final class AdjustmentRows {
  private final Shards shards;
  private final String lock;
  private final String read;
  private final String insert;
  private final String addToRollup;

  AdjustmentRows(SqlDialect dialect) {
    this.shards = dialect.shards();
    String one = " WHERE " + shards.anywhere("e") + "e.id = ?";
    this.lock =
        "SELECT e.id FROM usage_event e" + one + dialect.locking(SqlDialect.RowLock.EXCLUSIVE);
    this.read = UsageRow.select(dialect) + one;
    String columns = shards.key(AdjustmentRow.INSERTED);
    String shard = columns.equals(AdjustmentRow.INSERTED) ? "" : "?, ";
    this.insert =
        "INSERT INTO usage_adjustment ("
            + columns
            + ") VALUES ("
            + shard
            + "?, (SELECT COALESCE(max(a.seq), 0) + 1 FROM usage_adjustment a WHERE "
            + shards.anywhere("a")
            + "a.usage_id = ?)"
            + ", ?".repeat(AdjustmentRow.COLUMNS.size() + 1)
            + ")";
    this.addToRollup =
        "UPDATE usage_rollup AS r SET "
            + Rollups.SUMS.stream()
                .map(sum -> sum + " = " + SaturatedSql.CHANGED.formatted(sum))
                .collect(joining(", "))
            + " WHERE "
            + shards.anywhere("r")
            + RollupKey.IS_THIS;
  }

  /**
   * What became of records, and records that were there, locked.
   *
   * @param records what became of the records to be stored
   * @param read the existing records among those asked for by id
   */
  record Locked(StoredRecords records, Map<UUID, RecordedUsage> read) {}

  /**
   * Locks the records in {@code read}, together with those that a repeated call may correct. This
   * comes after the new records are stored, because all keys and all new records are locked before
   * any record that is there.
   */
  Locked lock(
      SqlSession session, List<RecordedUsage> stamped, StoredRecords found, Collection<UUID> read)
      throws SQLException {
    Set<UUID> locks = mayChange(stamped, found.twins());
    locks.addAll(read);
    Map<UUID, RecordedUsage> locked = lock(session, locks);
    Map<UUID, RecordedUsage> twins = new HashMap<>(found.twins());
    twins.replaceAll((id, twin) -> locked.getOrDefault(twin.usage().id(), twin));
    locked.keySet().retainAll(Set.copyOf(read));
    return new Locked(
        new StoredRecords(found.fresh(), twins, found.tooOld(), found.others()), locked);
  }

  // one of two reports may correct the other: transactions that do so must go one after the other
  private static Set<UUID> mayChange(List<RecordedUsage> stamped, Map<UUID, RecordedUsage> twins) {
    Set<UUID> mayChange = new HashSet<>();
    for (RecordedUsage told : stamped) {
      RecordedUsage twin = twins.get(told.usage().id());
      if (twin != null
          && (twin.currentFigures().areProvisional() || told.currentFigures().areProvisional())) {
        mayChange.add(twin.usage().id());
      }
    }
    return mayChange;
  }

  // locks the records in the order of their ids, then reads them as they were when locked
  private Map<UUID, RecordedUsage> lock(SqlSession session, Collection<UUID> ids)
      throws SQLException {
    Map<UUID, RecordedUsage> records = new HashMap<>();
    for (UUID id : new TreeSet<>(ids)) {
      try (ResultSet locked = byId(session, lock, id).executeQuery()) {
        if (!locked.next()) {
          continue;
        }
      }
      try (ResultSet row = byId(session, read, id).executeQuery()) {
        if (row.next()) {
          records.put(id, UsageRow.read(row, session.dialect()));
        }
      }
    }
    return records;
  }

  private static PreparedStatement byId(SqlSession session, String sql, UUID id)
      throws SQLException {
    PreparedStatement statement = session.prepare(sql);
    new Parameters(statement, session.dialect()).id(id);
    return statement;
  }

  void write(SqlSession session, List<Adjustment> adjustments, Instant now) throws SQLException {
    for (Adjustment adjustment : adjustments) {
      for (UsageAdjustment known : adjustment.booked(now)) {
        insert(session, adjustment.before(), known);
      }
    }
  }

  /** The changes that adjustments make to rollups. */
  static SortedMap<RollupKey, long[]> ofRollups(
      SqlSession session, List<Adjustment> adjustments, LedgerNames.Batch names)
      throws SQLException {
    SortedMap<RollupKey, long[]> changes = new TreeMap<>();
    if (adjustments.isEmpty()) {
      return changes;
    }
    NameFold fold = names.fold(session, adjustments.stream().map(AdjustmentRows::key).toList());
    adjustments.forEach(adjustment -> add(changes, fold.fold(key(adjustment)), adjustment));
    return changes;
  }

  private void insert(SqlSession session, RecordedUsage record, UsageAdjustment known)
      throws SQLException {
    Usage usage = record.usage();
    PreparedStatement statement = session.prepare(insert);
    Parameters to = new Parameters(statement, session.dialect());
    shards.bind(usage.attribution().project(), to);
    to.id(usage.id()).id(usage.id());
    AdjustmentRow.bind(record, known, to);
    statement.executeUpdate();
  }

  private static RollupKey key(Adjustment adjustment) {
    return RollupKey.finest(adjustment.before().usage());
  }

  private static void add(Map<RollupKey, long[]> changes, RollupKey finest, Adjustment adjustment) {
    long[] before = Rollups.sums(UsageTotals.of(adjustment.before()));
    long[] change = Rollups.sums(UsageTotals.of(adjustment.after()));
    for (int i = 0; i < change.length; i++) {
      change[i] = Saturated.sum(change[i], -before[i]);
    }
    changes.merge(finest, change, AdjustmentRows::plus);
    changes.merge(finest.ofDay(), change, AdjustmentRows::plus);
    changes.merge(finest.coarse(), change, AdjustmentRows::plus);
    changes.merge(finest.ofDay().coarse(), change, AdjustmentRows::plus);
  }

  static long[] plus(long[] one, long[] other) {
    long[] sums = new long[one.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Saturated.sum(one[i], other[i]);
    }
    return sums;
  }

  /** Changes a row; one that was purged is not made again. */
  void addToRollup(SqlSession session, RollupKey key, long[] change) throws SQLException {
    PreparedStatement statement = session.prepare(addToRollup);
    Parameters to = new Parameters(statement, session.dialect());
    for (long sum : change) {
      to.number(Math.max(0, sum)).number(Math.min(0, sum)).number(sum);
    }
    key.bind(to);
    statement.executeUpdate();
  }
}
