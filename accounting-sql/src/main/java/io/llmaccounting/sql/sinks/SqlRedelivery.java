package io.llmaccounting.sql.sinks;

import io.llmaccounting.backend.Redelivery;
import io.llmaccounting.backend.RefusedDelivery;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.IdBytes;
import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.MultiRow;
import io.llmaccounting.sql.OutboxRows;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Delivers again, from a database. Safe for use by many threads. */
public final class SqlRedelivery implements Redelivery {
  private final Connections connections;
  private final SqlDialect dialect;
  private final LedgerClock clock;
  private final OutboxRows outbox;
  private final PastRecords past;
  private final MultiRow taken;

  /** Renders the statements. */
  public SqlRedelivery(Connections connections, SqlDialect dialect, LedgerClock clock) {
    this.connections = connections;
    this.dialect = dialect;
    this.clock = clock;
    this.outbox = new OutboxRows(dialect, new SecureRandom());
    this.past = new PastRecords(dialect);
    this.taken =
        new MultiRow(
            dialect,
            "DELETE FROM sink_refused WHERE " + dialect.shards().home() + "(sink, usage_id) IN (",
            2,
            ") RETURNING usage_id");
  }

  @Override
  public List<RefusedDelivery> refused(String sink, int most) {
    SqlOutbox.requirePositive(most);
    return connections.read(session -> refused(session, sink, most));
  }

  private List<RefusedDelivery> refused(SqlSession session, String sink, int most)
      throws SQLException {
    SinkRow unused = SinkRow.read(session, sink, "");
    PreparedStatement statement =
        session.prepare(
            "SELECT usage_id, at, reason FROM sink_refused WHERE "
                + dialect.shards().home()
                + "sink = ? ORDER BY at DESC, usage_id LIMIT ?");
    new Parameters(statement, dialect).text(sink).number(most);
    List<RefusedDelivery> found = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        Columns from = new Columns(row, dialect);
        found.add(new RefusedDelivery(sink, from.id(), from.instant(), from.text()));
      }
    }
    return found;
  }

  @Override
  public int again(String sink, Set<UUID> ids) {
    return connections.write(
        session -> {
          SinkRow unused = locked(session, sink);
          List<UUID> found = new ArrayList<>();
          taken.query(
              session,
              ids.stream().sorted().toList(),
              (id, to) -> to.text(sink).id(id),
              row -> found.add(new Columns(row, dialect).id()));
          outbox.add(session, sink, found, clock.now(session));
          return found.size();
        });
  }

  @Override
  public void replay(String sink, Instant from) {
    UUID before = PastRecords.before(from);
    boolean unused =
        connections.write(
            session -> {
              SinkRow row = locked(session, sink);
              UUID after = row.after();
              boolean isEarlier = after != null && isBefore(after, before);
              PreparedStatement statement =
                  session.prepare(
                      "UPDATE sink SET scan_after = ?, scan_to = ? WHERE "
                          + dialect.shards().home()
                          + "name = ?");
              new Parameters(statement, dialect)
                  .id(isEarlier ? after : before)
                  .id(past.last(session))
                  .text(sink);
              return statement.executeUpdate() > 0;
            });
  }

  // removing a sink waits, so that nothing is left of it
  private SinkRow locked(SqlSession session, String sink) throws SQLException {
    return SinkRow.read(session, sink, dialect.shards().home().isEmpty() ? "" : " FOR UPDATE");
  }

  private static boolean isBefore(UUID one, UUID other) {
    return Arrays.compareUnsigned(IdBytes.of(one), IdBytes.of(other)) < 0;
  }
}
