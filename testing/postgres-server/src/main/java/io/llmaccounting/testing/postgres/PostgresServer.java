package io.llmaccounting.testing.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The server that tests run on, one for each virtual machine: that of
 * LLM_ACCOUNTING_TEST_POSTGRES_URL (with _USER and _PASSWORD), else a container where Docker
 * answers, else embedded programs.
 *
 * @param url where it is
 * @param user a superuser, or an owner of the database
 * @param password the password
 */
public record PostgresServer(String url, String user, String password) {
  private static final String VARIABLE = "LLM_ACCOUNTING_TEST_POSTGRES";
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  // A new connection costs the server more than most of what tests ask it.
  private static final Deque<Connection> KEPT = new ConcurrentLinkedDeque<>();
  private static volatile @Nullable PostgresServer keepsFor;

  private static final class Shared {
    static final PostgresServer SERVER = choose();
  }

  /** Quick and not durable, unless given by the environment. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  /** One that a test started. */
  public static PostgresServer of(EmbeddedServer server) {
    return new PostgresServer(server.url(), "postgres", "postgres");
  }

  private static PostgresServer choose() {
    String given = System.getenv(VARIABLE + "_URL");
    if (given != null) {
      return told(
          "given by the environment",
          new PostgresServer(
              given,
              System.getenv().getOrDefault(VARIABLE + "_USER", "postgres"),
              System.getenv().getOrDefault(VARIABLE + "_PASSWORD", "postgres")));
    }
    if (DockerClientFactory.instance().isDockerAvailable()) {
      PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine");
      container.withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=200");
      container.start();
      return told(
          "in a container",
          new PostgresServer(
              container.getJdbcUrl(), container.getUsername(), container.getPassword()));
    }
    try {
      return told("embedded", of(EmbeddedServer.quick()));
    } catch (IOException e) {
      throw new IllegalStateException("no PostgreSQL could be started for the tests", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static PostgresServer told(String how, PostgresServer server) {
    keepsFor = server;
    LoggerFactory.getLogger(PostgresServer.class)
        .info(
            "tests run on PostgreSQL {}, {}",
            server.rows("SHOW server_version").get(0).get(0),
            how);
    return server;
  }

  /** A name that no schema has had before. */
  public static String newSchema() {
    return "t%d_%d".formatted(ProcessHandle.current().pid(), SCHEMAS.incrementAndGet());
  }

  /** A new connection as the server's user. */
  public Connection connection() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return DriverManager.getConnection(url, properties);
  }

  /** Runs them one after the other on one connection. */
  public void run(String... statements) {
    ask(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
              statement.execute(sql);
            }
          }
          return List.of();
        });
  }

  /** Asks something on one connection. */
  private interface Work {
    List<List<String>> on(Connection connection) throws SQLException;
  }

  private List<List<String>> ask(Work work) {
    boolean keeps = equals(keepsFor);
    Connection kept = keeps ? KEPT.poll() : null;
    try {
      Connection connection = kept == null ? connection() : kept;
      try {
        List<List<String>> rows = work.on(connection);
        if (keeps) {
          run(connection, "DISCARD ALL");
          KEPT.push(connection);
        } else {
          connection.close();
        }
        return rows;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows of a query. */
  public List<List<String>> rows(String sql) {
    return rows("public", sql);
  }

  /** Rows of a query that finds tables in this schema. */
  public List<List<String>> rows(String schema, String sql) {
    return ask(
        connection -> {
          connection.setSchema(schema);
          return rows(connection, sql);
        });
  }

  /** Rows of a query on this connection. */
  public static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
          row.add(result.getString(column));
        }
        rows.add(row);
      }
      return rows;
    }
  }
}
