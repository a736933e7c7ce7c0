package io.llmaccounting.postgres;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.shaded.hikari.HikariConfig;
import io.llmaccounting.shaded.hikari.HikariDataSource;
import io.llmaccounting.shaded.hikari.pool.HikariPool.PoolInitializationException;
import io.llmaccounting.sql.Shards;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes the library's own pool. Neither URL nor password ever gets into a message. */
final class OwnPool {
  private static final Duration NETWORK_PATIENCE = Duration.ofSeconds(10);

  /**
   * The first connection of a process is slow where the processor is busy: classes of the driver
   * are loaded and compiled meanwhile. A server to which nothing connects is still known at once.
   */
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(30);

  private OwnPool() {}

  static HikariDataSource open(
      String url, String user, String password, PostgresSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("llm-accounting-" + settings.schema());
    PatientSource source = source(url, user, password, settings);
    config.setDataSource(source);
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(1);
    config.setAutoCommit(false);
    config.setConnectionTimeout(PoolWait.SLICE.toMillis());
    try {
      HikariDataSource pool = new PatientPool(config);
      source.allow(PoolWait.PATIENCE);
      return pool;
    } catch (PoolInitializationException e) {
      PostgresDialect dialect = new PostgresDialect(settings.schema(), Shards.single());
      throw e.getCause() instanceof SQLException cause
          ? dialect.translate(cause)
          : new BackendException(
              Kind.UNAVAILABLE, "no connection could be opened; see the cause", e.getCause());
    }
  }

  /** A pool whose callers wait for a connection only as long as one may come. */
  private static final class PatientPool extends HikariDataSource {
    PatientPool(HikariConfig config) {
      super(config);
    }

    @Override
    public Connection getConnection() throws SQLException {
      return PoolWait.of(super::getConnection);
    }
  }

  /**
   * A data source whose time to connect is not cut to the time for which a caller waits for the
   * pool, and whose connections are set up, except behind a pooler: there, others would find what
   * we had set.
   */
  private static final class PatientSource extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;

    private final String setup;

    PatientSource(String setup) {
      this.setup = setup;
      allow(FIRST_PATIENCE);
    }

    /** Sets how long opening a connection may take, from the first byte to the last. */
    final void allow(Duration patience) {
      super.setLoginTimeout(Math.toIntExact(patience.toSeconds()));
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      try (Statement statement = connection.createStatement()) {
        if (Pooler.isBetween(connection)) {
          Pooler.prepareNothing(connection);
        } else {
          statement.execute(setup);
        }
        return connection;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    }

    /** Does nothing: the pool asks for the time that its callers wait. */
    @Override
    public void setLoginTimeout(int seconds) {}
  }

  private static PatientSource source(
      String url, String user, String password, PostgresSettings settings) {
    PatientSource source = new PatientSource(TransactionStart.ofConnections(settings));
    source.setApplicationName("llm-accounting");
    source.setTcpKeepAlive(true);
    source.setLogServerErrorDetail(false);
    source.setConnectTimeout(Math.toIntExact(PoolWait.PATIENCE.toSeconds()));
    // A network that swallows everything must not hold the one thread that books for ever.
    source.setSocketTimeout(
        Math.toIntExact(settings.statementTimeout().plus(NETWORK_PATIENCE).toSeconds()));
    if (!PostgresUrl.isReadable(url)) {
      throw noUrl();
    }
    try {
      source.setURL(url);
    } catch (IllegalArgumentException e) {
      // The cause is left out: it quotes the URL with whatever password is in it.
      throw noUrl();
    }
    source.setUser(user);
    source.setPassword(password);
    return source;
  }

  private static IllegalArgumentException noUrl() {
    return new IllegalArgumentException(
        "url must be of the form jdbc:postgresql://host:port/database?option=value, was not;"
            + " it is not shown, because it may hold a password");
  }
}
