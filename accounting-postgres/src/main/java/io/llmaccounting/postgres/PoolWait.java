package io.llmaccounting.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/**
 * Waits for a connection of our own pool, in slices: between them it learns what became of the
 * connections that the pool tried to open. Where no server answers, it does not wait on. Stateless.
 */
final class PoolWait {
  /** HikariCP accepts no shorter wait. */
  static final Duration SLICE = Duration.ofMillis(250);

  static final Duration PATIENCE = Duration.ofSeconds(3);

  private PoolWait() {}

  /** A pool that waits for one slice. */
  interface Source {
    Connection connection() throws SQLException;
  }

  /** Asks again and again as long as a connection may come. */
  static Connection of(Source pool) throws SQLException {
    long slices = PATIENCE.dividedBy(SLICE);
    for (long slice = 1; ; slice++) {
      try {
        return pool.connection();
      } catch (SQLTransientConnectionException e) {
        if (slice == slices || PostgresDialect.isNobodyThere(e)) {
          throw e;
        }
      }
    }
  }
}
