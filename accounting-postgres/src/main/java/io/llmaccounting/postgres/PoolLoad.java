package io.llmaccounting.postgres;

import io.llmaccounting.shaded.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Says how full a pool is, where that can be asked: of our own pool, and of an application's
 * HikariCP.
 */
final class PoolLoad {
  private static final boolean MAY_BE_THEIRS = isPresent("com.zaxxer.hikari.HikariDataSource");

  private PoolLoad() {}

  /** True if all connections that it may have are in use; false if that is not known. */
  static boolean isExhausted(DataSource pool) {
    if (pool instanceof HikariDataSource own) {
      return own.getHikariPoolMXBean() != null
          && own.getHikariPoolMXBean().getActiveConnections() >= own.getMaximumPoolSize();
    }
    return MAY_BE_THEIRS && Theirs.isExhausted(pool);
  }

  private static boolean isPresent(String type) {
    try {
      Class.forName(type, false, PoolLoad.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** A class of its own, so that an application without HikariCP does not need it. */
  private static final class Theirs {
    // Frameworks wrap the pool.
    static boolean isExhausted(DataSource pool) {
      try {
        if (!pool.isWrapperFor(com.zaxxer.hikari.HikariDataSource.class)) {
          return false;
        }
        var theirs = pool.unwrap(com.zaxxer.hikari.HikariDataSource.class);
        return theirs.getHikariPoolMXBean() != null
            && theirs.getHikariPoolMXBean().getActiveConnections() >= theirs.getMaximumPoolSize();
      } catch (SQLException e) {
        return false;
      }
    }
  }
}
