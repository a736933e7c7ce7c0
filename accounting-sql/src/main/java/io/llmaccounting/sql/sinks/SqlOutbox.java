package io.llmaccounting.sql.sinks;

import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.backend.OutboxPage;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.OutboxRows;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps in a database what sinks have yet to deliver. Safe for use by many threads. */
public final class SqlOutbox implements Outbox {
  private final Connections connections;
  private final SqlDialect dialect;
  private final LedgerClock clock;
  private final SinkStates states;
  private final SinkRecords records;
  private final PastRecords past;
  private final FinishedPages finished;
  private final String entries;

  /** Renders the statements. */
  public SqlOutbox(Connections connections, SqlDialect dialect, LedgerClock clock) {
    this.connections = connections;
    this.dialect = dialect;
    this.clock = clock;
    this.states = new SinkStates(dialect);
    this.records = new SinkRecords(dialect);
    this.past = new PastRecords(dialect);
    this.finished = new FinishedPages(dialect);
    this.entries =
        "SELECT o.id, o.usage_ids FROM sink_outbox o WHERE "
            + dialect.shards().anywhere("o")
            + "o.sink = ? ORDER BY o.id LIMIT ?";
  }

  @Override
  public List<SinkState> sinks() {
    return connections.read(states::read);
  }

  @Override
  public boolean open(String sink, @Nullable Instant from) {
    String named = SinkState.requireName(sink);
    boolean opened = connections.write(session -> insert(session, named, from));
    if (opened && from != null) {
      boolean unused = connections.write(session -> endWithLast(session, sink));
    }
    return opened;
  }

  // Behind all transactions that did not know of the sink, and before all that will: so what they
  // recorded is there to be read, and what these record is written down.
  private boolean insert(SqlSession session, String sink, @Nullable Instant from)
      throws SQLException {
    StoreSettings.keepLedgersOut(session);
    PreparedStatement statement =
        session.prepare(
            "INSERT INTO sink (name, opened_at, scan_after, scan_to, delivered)"
                + " VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING");
    new Parameters(statement, dialect)
        .text(sink)
        .instant(clock.now(session))
        .id(from == null ? null : PastRecords.before(from))
        .id(from == null ? null : PastRecords.LAST);
    boolean added = statement.executeUpdate() > 0;
    if (added) {
      StoreSettings.SINKS_REVISION.next(session);
    }
    return added;
  }

  // apart from opening, because ledgers need not wait for it; without it records would only be
  // delivered twice
  private boolean endWithLast(SqlSession session, String sink) throws SQLException {
    PreparedStatement statement =
        session.prepare(
            "UPDATE sink SET scan_to = ? WHERE "
                + dialect.shards().home()
                + "name = ? AND scan_to = ?");
    new Parameters(statement, dialect).id(past.last(session)).text(sink).id(PastRecords.LAST);
    return statement.executeUpdate() > 0;
  }

  @Override
  public boolean remove(String sink) {
    return connections.write(
        session -> {
          StoreSettings.keepLedgersOut(session);
          if (delete(session, "DELETE FROM sink WHERE " + home() + "name = ?", sink) == 0) {
            return false;
          }
          int unused =
              delete(session, "DELETE FROM sink_refused WHERE " + home() + "sink = ?", sink);
          String ofOutbox = dialect.shards().anywhere("o") + "o.sink = ?";
          unused = delete(session, "DELETE FROM sink_outbox AS o WHERE " + ofOutbox, sink);
          StoreSettings.SINKS_REVISION.next(session);
          return true;
        });
  }

  private String home() {
    return dialect.shards().home();
  }

  private int delete(SqlSession session, String sql, String sink) throws SQLException {
    PreparedStatement statement = session.prepare(sql);
    new Parameters(statement, dialect).text(sink);
    return statement.executeUpdate();
  }

  @Override
  public boolean claim(String sink, UUID holder, Duration term) {
    return connections.write(
        session -> {
          Instant now = clock.now(session);
          boolean returned = term.isZero();
          PreparedStatement statement =
              session.prepare(
                  "UPDATE sink SET holder = ?, held_until = ? WHERE "
                      + home()
                      + "name = ? AND (holder IS NULL OR holder = ? OR held_until <= ?)");
          new Parameters(statement, dialect)
              .id(returned ? null : holder)
              .optional(returned ? null : Micros.of(now.plus(term)))
              .text(sink)
              .id(holder)
              .instant(now);
          boolean claimed = statement.executeUpdate() > 0;
          if (!claimed) {
            SinkRow unused = SinkRow.read(session, sink, "");
          }
          return claimed;
        });
  }

  @Override
  public OutboxPage next(String sink, int most) {
    requirePositive(most);
    return connections.read(session -> page(session, sink, most));
  }

  static void requirePositive(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be 1 or more, was " + most);
    }
  }

  private OutboxPage page(SqlSession session, String sink, int most) throws SQLException {
    SinkRow row = SinkRow.read(session, sink, "");
    List<UUID> read = new ArrayList<>();
    Set<UUID> ids = new LinkedHashSet<>();
    UUID after = row.after();
    // what is recorded now does not wait for the past, nor the past for what is recorded now
    entries(session, sink, after == null ? most : Math.max(1, most / 2), read, ids);
    OutboxPage.Scan scan = null;
    if (after != null) {
      PastRecords.Page older = past.read(session, after, row.to(), Math.max(1, most - ids.size()));
      ids.addAll(older.ids());
      scan = older.scan();
    }
    List<OutboxItem> items = records.read(session, ids);
    return new OutboxPage(sink, items, read, scan);
  }

  private void entries(SqlSession session, String sink, int most, List<UUID> read, Set<UUID> ids)
      throws SQLException {
    PreparedStatement statement = session.prepare(entries);
    new Parameters(statement, dialect).text(sink).number(most);
    try (ResultSet row = statement.executeQuery()) {
      while (ids.size() < most && row.next()) {
        Columns from = new Columns(row, dialect);
        read.add(from.id());
        ids.addAll(OutboxRows.ids(from.bytes()));
      }
    }
  }

  @Override
  public void delivered(OutboxPage page, Map<UUID, String> refused) {
    boolean unused =
        connections.write(
            session -> {
              finished.write(session, page, refused, clock.now(session));
              return true;
            });
  }

  @Override
  public void failed(String sink, String reason) {
    boolean unused =
        connections.write(
            session -> {
              PreparedStatement statement =
                  session.prepare(
                      "UPDATE sink SET error = ?, error_at = ? WHERE " + home() + "name = ?");
              new Parameters(statement, dialect)
                  .text(reason)
                  .instant(clock.now(session))
                  .text(sink);
              return statement.executeUpdate() > 0;
            });
  }
}
