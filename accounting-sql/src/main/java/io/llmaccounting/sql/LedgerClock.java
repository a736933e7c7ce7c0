package io.llmaccounting.sql;

import java.sql.SQLException;
import java.time.Instant;

/** The ledger's clock: the database's or an injected one. Microsecond precision. */
@FunctionalInterface
public interface LedgerClock {
  /**
   * The SQL expression that gives a server's microseconds since 1970; empty where no server is
   * asked.
   */
  default String question() {
    return "";
  }

  /** The instant now, asked for when the locks are taken. */
  Instant now(SqlSession session) throws SQLException;
}
