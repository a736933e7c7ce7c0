package io.llmaccounting.sql;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Corrected costs beside the records they correct, which stay as they are; rollups follow. Rare
 * work, so one statement a row. Safe for use by many threads.
 */
final class AdjustmentRows {
  private static final String COLUMNS = "usage_id, seq, cost, priced_by, at";

  private final Shards shards;
  private final String lock;
  private final String read;
  private final String insert;
  private final String addToRollup;

  /** How much a rollup changes. */
  private record Change(long cost, long unpriced) {
    Change plus(Change other) {
      return new Change(Math.addExact(cost, other.cost), Math.addExact(unpriced, other.unpriced));
    }
  }

  AdjustmentRows(Dialect dialect) {
    this.shards = dialect.shards();
    String one = " WHERE " + shards.anywhere("e") + "e.id = ?";
    this.lock = "SELECT e.id FROM usage_event e" + one + dialect.locking(Dialect.RowLock.EXCLUSIVE);
    this.read = UsageRow.select(dialect) + one;
    String columns = shards.key(COLUMNS);
    String shard = columns.equals(COLUMNS) ? "" : "?, ";
    this.insert =
        "INSERT INTO usage_adjustment ("
            + columns
            + ") VALUES ("
            + shard
            + "?, (SELECT COALESCE(max(a.seq), 0) + 1 FROM usage_adjustment a WHERE "
            + shards.anywhere("a")
            + "a.usage_id = ?), ?, ?, ?)";
    this.addToRollup =
        "UPDATE usage_rollup AS r SET cost = cost + ?, unpriced = unpriced + ? WHERE "
            + shards.anywhere("r")
            + "r.family = ? AND r.grain = ? AND r.bucket = ? AND r.project = ? AND r.model = ?"
            + " AND r.user_name = ? AND r.caller = ? AND r.provider = ?";
  }

  /** Locks the records in the order of their ids, then reads them as the locks found them. */
  Map<UUID, RecordedUsage> lock(SqlSession session, Collection<UUID> ids) throws SQLException {
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
    Map<RollupKey, Change> changes = new TreeMap<>();
    for (Adjustment adjustment : adjustments) {
      insert(session, adjustment, now);
      add(changes, adjustment);
    }
    for (Map.Entry<RollupKey, Change> change : changes.entrySet()) {
      addToRollup(session, change.getKey(), change.getValue());
    }
  }

  private void insert(SqlSession session, Adjustment adjustment, Instant now) throws SQLException {
    Usage usage = adjustment.before().usage();
    PreparedStatement statement = session.prepare(insert);
    Parameters to = new Parameters(statement, session.dialect());
    shards.bind(usage.attribution().project(), to);
    to.id(usage.id())
        .id(usage.id())
        .number(adjustment.corrected().cost().nanos())
        .text(adjustment.corrected().pricedBy())
        .instant(now);
    statement.executeUpdate();
  }

  private static void add(Map<RollupKey, Change> changes, Adjustment adjustment) {
    Cost before = adjustment.before().cost().orElse(Cost.ZERO);
    Change change =
        new Change(
            adjustment.corrected().cost().nanos() - before.nanos(),
            adjustment.before().cost().isEmpty() ? -1 : 0);
    RollupKey finest = RollupKey.finest(adjustment.before().usage());
    changes.merge(finest, change, Change::plus);
    changes.merge(finest.ofDay(), change, Change::plus);
    changes.merge(finest.coarse(), change, Change::plus);
    changes.merge(finest.ofDay().coarse(), change, Change::plus);
  }

  private void addToRollup(SqlSession session, RollupKey key, Change change) throws SQLException {
    PreparedStatement statement = session.prepare(addToRollup);
    new Parameters(statement, session.dialect())
        .number(change.cost())
        .number(change.unpriced())
        .number(key.family())
        .number(key.grain())
        .number(key.bucket())
        .text(key.project())
        .text(key.model())
        .text(key.user())
        .text(key.caller())
        .text(key.provider());
    statement.executeUpdate();
  }
}
