package io.llmaccounting.sql;

import io.llmaccounting.usage.RecordedUsage;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Reads records by their ids, in one round trip however many there are, because callers often hold
 * locks meanwhile. Safe for use by many threads.
 */
public final class RecordsById {
  private final MultiRow select;
  private final MultiRow ofShard;

  /** Renders the statement. */
  public RecordsById(SqlDialect dialect) {
    this.select =
        new MultiRow(
            dialect,
            UsageRow.select(dialect) + " WHERE " + dialect.shards().anywhere("e") + "e.id IN (",
            1,
            ")");
    this.ofShard =
        new MultiRow(
            dialect,
            UsageRow.select(dialect) + " WHERE " + dialect.shards().one("e") + "e.id IN (",
            1,
            ")");
  }

  /** Hands over the records that exist, given in which shards they would be. */
  public void readEach(
      SqlSession session, SortedMap<Integer, List<UUID>> ids, Consumer<RecordedUsage> found)
      throws SQLException {
    ofShard.queryEach(
        session,
        ids,
        (id, to) -> to.id(id),
        row -> found.accept(UsageRow.read(row, session.dialect())));
  }

  /** Hands over the records that exist, wherever they are. */
  public void read(SqlSession session, List<UUID> ids, Consumer<RecordedUsage> found)
      throws SQLException {
    select.query(
        session,
        ids,
        (id, to) -> to.id(id),
        row -> found.accept(UsageRow.read(row, session.dialect())));
  }
}
