package io.llmaccounting.sql;

import io.llmaccounting.backend.HoldRecord;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/** Reads, takes and writes holds. Safe for use by many threads. */
public final class HoldRows {
  private static final String SELECT = "SELECT " + HoldRow.COLUMNS + " FROM quota_hold";

  private final SqlDialect dialect;
  private final MultiRow read;
  private final MultiRow lock;
  private final MultiRow take;
  private final MultiRow remove;
  private final MultiRow write;

  /** Renders the statements. */
  public HoldRows(SqlDialect dialect) {
    this.dialect = dialect;
    String some = " WHERE " + dialect.shards().home() + "id IN (";
    this.read = new MultiRow(dialect, SELECT + some, 1, ")");
    this.lock =
        new MultiRow(
            dialect,
            SELECT + some,
            1,
            ") ORDER BY id" + dialect.locking(SqlDialect.RowLock.EXCLUSIVE));
    this.take =
        new MultiRow(dialect, "DELETE FROM quota_hold" + some, 1, ") RETURNING " + HoldRow.COLUMNS);
    this.remove = new MultiRow(dialect, "DELETE FROM quota_hold" + some, 1, ") RETURNING id");
    this.write =
        new MultiRow(
            dialect,
            "INSERT INTO quota_hold (" + HoldRow.COLUMNS + ") ",
            12,
            " ON CONFLICT ("
                + dialect.shards().key("id")
                + ") DO UPDATE SET admitted_at = excluded.admitted_at,"
                + " expires_at = excluded.expires_at, amounts = excluded.amounts");
  }

  /** Adds the holds that exist to {@code found}, without a lock. */
  void read(Pipeline pipeline, Collection<UUID> ids, Map<UUID, HoldRecord> found)
      throws SQLException {
    fetch(pipeline, read, ids, found);
  }

  /** Adds the holds that exist to {@code found}, and locks them. */
  void lock(Pipeline pipeline, Collection<UUID> ids, Map<UUID, HoldRecord> found)
      throws SQLException {
    fetch(pipeline, lock, ids, found);
  }

  /**
   * Removes the holds that exist and adds them to {@code found}: of all processes that try, one
   * gets them.
   */
  void take(Pipeline pipeline, Collection<UUID> ids, Map<UUID, HoldRecord> found)
      throws SQLException {
    fetch(pipeline, take, ids, found);
  }

  /**
   * Removes those that exist, which are in {@code locked}. One that came after it was looked for
   * was not read: then the transaction is to be repeated.
   */
  void remove(Pipeline pipeline, Collection<UUID> ids, Map<UUID, HoldRecord> locked)
      throws SQLException {
    remove.add(
        pipeline,
        new ArrayList<>(new TreeSet<>(ids)),
        (id, to) -> to.id(id),
        row -> {
          UUID id = new Columns(row, dialect).id();
          if (!locked.containsKey(id)) {
            throw new SQLException(
                "hold " + id + " came after it was looked for", LedgerLocks.CONFLICT);
          }
        });
  }

  private void fetch(
      Pipeline pipeline, MultiRow statement, Collection<UUID> ids, Map<UUID, HoldRecord> found)
      throws SQLException {
    List<UUID> sorted = new ArrayList<>(ids);
    sorted.sort(Comparator.naturalOrder());
    statement.add(
        pipeline,
        sorted,
        (id, to) -> to.id(id),
        row -> {
          HoldRecord hold = HoldRow.read(row, dialect);
          found.put(hold.id(), hold);
        });
  }

  /** Every hold, oldest first. */
  public static List<HoldRecord> all(SqlSession session) throws SQLException {
    String where = session.dialect().shards().onlyHome();
    return read(session, session.prepare(SELECT + where + " ORDER BY admitted_at, id"));
  }

  /** Every hold that has not expired at {@code now}, oldest first. */
  static List<HoldRecord> live(SqlSession session, Instant now) throws SQLException {
    PreparedStatement statement =
        session.prepare(
            SELECT
                + " WHERE "
                + session.dialect().shards().home()
                + "expires_at > ? ORDER BY admitted_at, id");
    statement.setLong(1, Micros.of(now));
    return read(session, statement);
  }

  private static List<HoldRecord> read(SqlSession session, PreparedStatement statement)
      throws SQLException {
    List<HoldRecord> holds = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        holds.add(HoldRow.read(rows, session.dialect()));
      }
    }
    return holds;
  }

  /** Holds that have expired at {@code now}, those that expired first, without a lock. */
  static List<HoldRecord> expired(SqlSession session, Instant now, int most) throws SQLException {
    SqlDialect dialect = session.dialect();
    PreparedStatement statement =
        session.prepare(
            SELECT
                + " WHERE "
                + dialect.shards().home()
                + "expires_at <= ? ORDER BY expires_at, id LIMIT ?");
    new Parameters(statement, dialect).instant(now).number(most);
    return read(session, statement);
  }

  /** Writes holds, new or changed. */
  public void write(SqlSession session, List<HoldRecord> holds) throws SQLException {
    Pipeline alone = new Pipeline(session);
    write(alone, holds);
    alone.run();
  }

  /** Writes holds together with what else is in the pipeline. */
  void write(Pipeline pipeline, List<HoldRecord> holds) throws SQLException {
    List<HoldRecord> sorted = new ArrayList<>(holds);
    sorted.sort(Comparator.comparing(HoldRecord::id));
    write.add(pipeline, sorted, HoldRow::bind);
  }
}
