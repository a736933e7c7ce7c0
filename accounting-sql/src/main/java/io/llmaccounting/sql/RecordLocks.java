package io.llmaccounting.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Locks records that are there, one shard after the other: where shards lie on several servers, no
 * statement may lock rows of more than one. Safe for use by many threads.
 */
public final class RecordLocks {
  private final SqlDialect dialect;
  private final MultiRow find;
  private final MultiRow lock;

  /** Renders the statements. */
  public RecordLocks(SqlDialect dialect) {
    this.dialect = dialect;
    this.find =
        new MultiRow(
            dialect,
            "SELECT e.id, e.project FROM usage_event e WHERE "
                + dialect.shards().anywhere("e")
                + "e.id IN (",
            1,
            ")");
    this.lock =
        new MultiRow(
            dialect,
            "SELECT e.id FROM usage_event e WHERE " + dialect.shards().one("e") + "e.id IN (",
            1,
            ") ORDER BY e.id" + dialect.locking(SqlDialect.RowLock.EXCLUSIVE));
  }

  /** The records among {@code ids} that exist, by shard. */
  SortedMap<Integer, List<UUID>> places(SqlSession session, Collection<UUID> ids)
      throws SQLException {
    SortedMap<Integer, List<UUID>> places = new TreeMap<>();
    List<UUID> sorted = List.copyOf(new TreeSet<>(ids));
    if (!dialect.shards().isSpread()) {
      if (!sorted.isEmpty()) {
        places.put(0, sorted);
      }
      return places;
    }
    find.query(
        session,
        sorted,
        (id, to) -> to.id(id),
        row -> {
          Columns from = new Columns(row, dialect);
          UUID id = from.id();
          int shard = dialect.shards().of(from.optionalText());
          places.computeIfAbsent(shard, first -> new ArrayList<>()).add(id);
        });
    return places;
  }

  /** Locks records, in the order of shards and then of ids, until the transaction ends. */
  public void lock(SqlSession session, SortedMap<Integer, List<UUID>> places) throws SQLException {
    if (!dialect.locking(SqlDialect.RowLock.EXCLUSIVE).isEmpty()) {
      lock.queryEach(session, places, (id, to) -> to.id(id), row -> {});
    }
  }
}
