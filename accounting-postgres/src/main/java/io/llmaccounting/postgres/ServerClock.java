package io.llmaccounting.postgres;

import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.SqlSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The clock of the database's server: one clock for all services, whatever theirs say. */
final class ServerClock {
  private static final String NOW =
      "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

  private ServerClock() {}

  static LedgerClock of(PostgresSettings settings) {
    InstantSource injected = settings.clock();
    return injected == null
        ? new LedgerClock() {
          @Override
          public String question() {
            return NOW;
          }

          @Override
          public Instant now(SqlSession session) throws SQLException {
            return ServerClock.now(session);
          }
        }
        : session -> injected.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static Instant now(SqlSession session) throws SQLException {
    try (ResultSet row = session.prepare(NOW).executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the server's clock must answer, did not");
      }
      return Micros.instant(row.getLong(1));
    }
  }
}
