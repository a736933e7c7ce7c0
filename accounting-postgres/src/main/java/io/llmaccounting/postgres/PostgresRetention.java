package io.llmaccounting.postgres;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BaseCarrier;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.PurgedSlice;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.retention.SqlRetention;
import io.llmaccounting.sql.retention.UsageRemoval;
import io.llmaccounting.usage.UsageFilter;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;

/**
 * Drops whole months where this role owns the tables and no limit goes on counting their records;
 * records that limits count are removed one by one first. Safe for use by many threads.
 */
final class PostgresRetention implements Retention {
  // Nobody can use the table while a drop waits for those who are using it, so it does not wait for
  // long.
  private static final String SHORT_PATIENCE = "SET LOCAL lock_timeout = '2s'";
  private static final String LOCK_TIMEOUT = "55P03";

  private final PostgresConnections connections;
  private final PostgresDialect dialect;
  private final Retention rows;
  private final UsageRemoval removal;

  PostgresRetention(PostgresConnections connections, PostgresDialect dialect, LedgerClock clock) {
    this.connections = connections;
    this.dialect = dialect;
    this.rows = new SqlRetention(connections, dialect, clock);
    this.removal = new UsageRemoval(dialect, clock);
  }

  private static void requireRight(SqlSession session) throws SQLException {
    try (ResultSet row =
        session
            .prepare("SELECT pg_catalog.has_table_privilege('usage_event', 'DELETE')")
            .executeQuery()) {
      if (!row.next() || !row.getBoolean(1)) {
        throw new BackendException(
            BackendException.Kind.REJECTED,
            "this role may not delete from usage_event, so it cannot purge; give PostgresSettings"
                + " an owner, or purge with a role that may");
      }
    }
  }

  @Override
  public PurgedSlice removeUsage(PurgeSlice slice, BaseCarrier carrier) {
    if (!slice.filter().equals(UsageFilter.all())) {
      return connections.write(
          session -> {
            begin(session, slice);
            return removal.remove(session, slice, carrier);
          });
    }
    try {
      return connections.write(
          session -> {
            begin(session, slice);
            Optional<PurgedSlice> dropped = drop(session, slice, carrier);
            return dropped.isPresent() ? dropped.get() : removeRows(session, slice, carrier);
          });
    } catch (BackendException e) {
      if (e.getCause() instanceof SQLException cause
          && PostgresDialect.state(cause).equals(LOCK_TIMEOUT)) {
        return connections.write(
            session -> {
              begin(session, slice);
              return removeRows(session, slice, carrier);
            });
      }
      throw e;
    }
  }

  private static void begin(SqlSession session, PurgeSlice slice) throws SQLException {
    requireRight(session);
    UsageRemoval.begin(session, slice.before());
  }

  private PurgedSlice removeRows(SqlSession session, PurgeSlice slice, BaseCarrier carrier)
      throws SQLException {
    PurgedSlice removed = removal.remove(session, slice, carrier);
    // Months that are empty now can be dropped next.
    return new PurgedSlice(removed.records(), removed.last(), removed.records() == 0);
  }

  private Optional<PurgedSlice> drop(SqlSession session, PurgeSlice slice, BaseCarrier carrier)
      throws SQLException {
    var old = PostgresPartitions.existing(session).headSet(Month.of(slice.before()), false);
    if (old.isEmpty() || !PostgresPartitions.mayMake(session)) {
      return Optional.empty();
    }
    Month month = old.first();
    Instant wanted = removal.ask(session, carrier);
    if (holds(session, month, wanted)) {
      return Optional.empty();
    }
    try (Statement statement = session.connection().createStatement()) {
      statement.execute(SHORT_PATIENCE);
      statement.execute("LOCK TABLE usage_event IN ACCESS EXCLUSIVE MODE");
    }
    return holds(session, month, wanted)
        ? Optional.empty()
        : Optional.of(drop(session, slice, month));
  }

  private static boolean holds(SqlSession session, Month month, Instant wanted)
      throws SQLException {
    PreparedStatement statement =
        session.prepare(
            "SELECT EXISTS (SELECT 1 FROM " + month.partition() + " WHERE charged_at >= ?)");
    statement.setLong(1, Micros.of(wanted));
    try (ResultSet row = statement.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  private PurgedSlice drop(SqlSession session, PurgeSlice slice, Month month) throws SQLException {
    UsageRemoval.removes(session);
    try (Statement statement = session.connection().createStatement()) {
      long records = 0;
      try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + month.partition())) {
        records = row.next() ? row.getLong(1) : 0;
      }
      statement.executeUpdate(
          "DELETE FROM usage_adjustment a WHERE %sa.usage_id >= '%s' AND a.usage_id < '%s'"
              .formatted(dialect.shards().anywhere("a"), month.firstId(), month.next().firstId()));
      statement.execute("DROP TABLE " + month.partition());
      return new PurgedSlice(records, slice.after(), false);
    }
  }

  @Override
  public long countUsage(Instant before, UsageFilter filter) {
    return rows.countUsage(before, filter);
  }

  @Override
  public long remove(Leftover what, Instant before, int count) {
    return rows.remove(what, before, count);
  }

  @Override
  public long count(Leftover what, Instant before) {
    return rows.count(what, before);
  }
}
