package io.llmaccounting.spring;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections of the accounting's own, made as a pool of the application makes them: where requests
 * keep a connection while they ask a model, all of them could wait for one more. Loaded only where
 * HikariCP is there.
 */
final class OwnConnections {
  private static final String NAME = "llm-accounting";

  private OwnConnections() {}

  /**
   * A pool beside {@code application}, which connects when it is first asked, and can be closed.
   *
   * @param most how many connections it has at most
   * @param reach sees whether they are made
   * @return empty where it cannot be told how the application connects
   */
  static Optional<DataSource> beside(DataSource application, int most, Reach reach) {
    return pool(application).map(pool -> like(pool, most, reach));
  }

  /** Closes a pool; one that has never connected would wait for that first, so nobody waits. */
  static void close(DataSource pool, Reach reach) {
    HikariDataSource own = (HikariDataSource) pool;
    if (reach.isReached()) {
      own.close();
      return;
    }
    Thread thread = new Thread(own::close, NAME + "-close");
    thread.setDaemon(true);
    thread.start();
  }

  // a subclass may make connections in a way of its own
  private static Optional<HikariDataSource> pool(DataSource application) {
    try {
      return application.isWrapperFor(HikariDataSource.class)
          ? Optional.of(application.unwrap(HikariDataSource.class))
              .filter(pool -> pool.getClass() == HikariDataSource.class)
          : Optional.empty();
    } catch (SQLException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static HikariDataSource like(HikariDataSource pool, int most, Reach reach) {
    HikariDataSource own = new HikariDataSource();
    pool.copyStateTo(own);
    own.setPoolName(pool.getPoolName() == null ? NAME : pool.getPoolName() + "-" + NAME);
    own.setRegisterMbeans(false);
    own.setMaximumPoolSize(most);
    own.setMinimumIdle(1);
    // its database may be away at first
    own.setInitializationFailTimeout(-1);
    DataSource inner = connecting(pool);
    if (inner != null) {
      own.setDataSource(reach.through(inner));
    }
    return own;
  }

  /** What the pool takes its connections from; null where it makes that by itself. */
  private static @Nullable DataSource connecting(HikariDataSource pool) {
    if (pool.getDataSource() != null || pool.getDataSourceClassName() != null) {
      return pool.getDataSource();
    }
    return pool.getJdbcUrl() == null
        ? null
        : new DriverDataSource(
            pool.getJdbcUrl(),
            pool.getDriverClassName(),
            pool.getDataSourceProperties(),
            pool.getUsername(),
            pool.getPassword());
  }
}
