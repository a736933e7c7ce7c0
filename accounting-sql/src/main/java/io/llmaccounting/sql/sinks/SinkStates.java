package io.llmaccounting.sql.sinks;

import io.llmaccounting.backend.SinkState;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.UsageId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads how sinks stand. Safe for use by many threads. */
final class SinkStates {
  private static final int BYTES_OF_AN_ID = 16;

  private final SqlDialect dialect;
  private final String all;
  private final String waiting;
  private final String oldest;
  private final String refused;

  SinkStates(SqlDialect dialect) {
    this.dialect = dialect;
    String outbox = " FROM sink_outbox o WHERE " + dialect.shards().anywhere("o") + "o.sink = ?";
    this.all =
        "SELECT name, opened_at, holder, held_until, scan_after, delivered, delivered_at, error,"
            + " error_at FROM sink"
            + onlyHome(dialect)
            + " ORDER BY name";
    this.waiting = "SELECT sum(length(o.usage_ids))" + outbox;
    this.oldest = "SELECT o.id" + outbox + " ORDER BY o.id LIMIT 1";
    this.refused =
        "SELECT count(*) FROM sink_refused WHERE " + dialect.shards().home() + "sink = ?";
  }

  private static String onlyHome(SqlDialect dialect) {
    String home = dialect.shards().home();
    return home.isEmpty() ? "" : " WHERE " + home + "TRUE";
  }

  /** All sinks, by name. */
  List<SinkState> read(SqlSession session) throws SQLException {
    List<SinkState> plain = new ArrayList<>();
    try (ResultSet row = session.prepare(all).executeQuery()) {
      while (row.next()) {
        plain.add(plain(new Columns(row, dialect)));
      }
    }
    List<SinkState> states = new ArrayList<>();
    for (SinkState state : plain) {
      states.add(counted(session, state));
    }
    return states;
  }

  private static SinkState plain(Columns from) throws SQLException {
    return new SinkState(
        from.text(),
        from.instant(),
        from.optionalId(),
        instant(from.optionalNumber()),
        0,
        null,
        time(from.optionalId()),
        0,
        from.number(),
        instant(from.optionalNumber()),
        from.optionalText(),
        instant(from.optionalNumber()));
  }

  private SinkState counted(SqlSession session, SinkState plain) throws SQLException {
    return new SinkState(
        plain.name(),
        plain.openedAt(),
        plain.holder(),
        plain.heldUntil(),
        number(session, waiting, plain.name()) / BYTES_OF_AN_ID,
        oldest(session, plain.name()),
        plain.replayedTo(),
        number(session, refused, plain.name()),
        plain.delivered(),
        plain.deliveredAt(),
        plain.error(),
        plain.errorAt());
  }

  private @Nullable Instant oldest(SqlSession session, String sink) throws SQLException {
    PreparedStatement statement = session.prepare(oldest);
    new Parameters(statement, dialect).text(sink);
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? time(new Columns(row, dialect).optionalId()) : null;
    }
  }

  private long number(SqlSession session, String sql, String sink) throws SQLException {
    PreparedStatement statement = session.prepare(sql);
    new Parameters(statement, dialect).text(sink);
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static @Nullable Instant time(@Nullable UUID id) {
    return id == null ? null : UsageId.timeOf(id);
  }

  private static @Nullable Instant instant(@Nullable Long micros) {
    return micros == null ? null : Micros.instant(micros);
  }
}
