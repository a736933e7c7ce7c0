package io.llmaccounting.bench;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Schemas of one PostgreSQL database, each dropped once it was measured. */
final class PostgresStore implements Store {
  private final String url;
  private final String user;
  private final String password;
  private int places;

  PostgresStore(String url, String user, String password) {
    this.url =
        url + (url.contains("?") ? "&" : "?") + "socketFactory=" + CountingSockets.class.getName();
    this.user = user;
    this.password = password;
  }

  @Override
  public String name() {
    return "PostgreSQL";
  }

  @Override
  public boolean takesArrays() {
    return true;
  }

  String url() {
    return url;
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  /** Version and durability of the server, as it tells them. */
  String server() throws SQLException {
    return "PostgreSQL %s, fsync %s, synchronous_commit %s"
        .formatted(ask("SHOW server_version"), ask("SHOW fsync"), ask("SHOW synchronous_commit"));
  }

  @Override
  public Probe probe() {
    return new Probe() {
      @Override
      public double roundTrips() {
        return CountingSockets.roundTrips();
      }

      // Every transaction that writes takes a number; looking takes one too.
      @Override
      public double commits() {
        try {
          return Double.parseDouble(ask("SELECT pg_current_xact_id()::text"));
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  @Override
  public PostgresPlace fresh() throws SQLException {
    String schema = "bench_%d_%d".formatted(ProcessHandle.current().pid(), ++places);
    run("CREATE SCHEMA " + schema);
    return new PostgresPlace(this, schema);
  }

  Connection jdbc(String schema) throws SQLException {
    Connection connection = DriverManager.getConnection(url, user, password);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + schema);
    }
    return connection;
  }

  void run(String sql) throws SQLException {
    try (Connection connection = jdbc("public");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String ask(String sql) throws SQLException {
    try (Connection connection = jdbc("public");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** One schema. */
  record PostgresPlace(PostgresStore store, String schema) implements Place {
    @Override
    public UsageBackend open() {
      return CountedLedger.of(
          PostgresBackend.connect(
              store.url, store.user, store.password, PostgresSettings.defaults().schema(schema)),
          store);
    }

    @Override
    public PlainConnection connect() throws SQLException {
      Connection connection = store.jdbc(schema);
      connection.setAutoCommit(false);
      return new PlainConnection(connection, store);
    }

    @Override
    public BenchProcess.Address address() {
      return new BenchProcess.Address(store.url, store.user, store.password, schema);
    }

    @Override
    public long bytesOfValues() throws SQLException {
      try (Connection connection = store.jdbc(schema)) {
        return PlainColumns.bytes(connection, "octet_length(%s::text)");
      }
    }

    @Override
    public long bytes(String table) throws SQLException {
      try (Connection connection = store.jdbc(schema);
          PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT greatest(pg_total_relation_size(?::regclass),"
                      + " (SELECT sum(pg_total_relation_size(relid))"
                      + " FROM pg_partition_tree(?::regclass)))::bigint")) {
        statement.setString(1, table);
        statement.setString(2, table);
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          return row.getLong(1);
        }
      }
    }

    @Override
    public void settle() throws SQLException {
      try (Connection connection = store.jdbc(schema);
          Statement statement = connection.createStatement()) {
        statement.execute("VACUUM ANALYZE");
        statement.execute("CHECKPOINT");
      }
    }

    @Override
    public void close() throws SQLException {
      store.run("DROP SCHEMA " + schema + " CASCADE");
    }
  }
}
