package io.llmaccounting.bench;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.sqlite.SqliteBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** SQLite files below one folder, every commit written through to the disk. */
final class SqliteStore implements Store {
  private final Path folder;
  private final LongAdder commits = new LongAdder();
  private int places;

  SqliteStore(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "SQLite";
  }

  @Override
  public boolean takesArrays() {
    return false;
  }

  @Override
  public void committed() {
    commits.increment();
  }

  @Override
  public Probe probe() {
    return new Probe() {
      @Override
      public double roundTrips() {
        return Double.NaN;
      }

      @Override
      public double commits() {
        return commits.sum();
      }
    };
  }

  @Override
  public SqlitePlace fresh() {
    return new SqlitePlace(this, folder.resolve("bench-" + ++places + ".db"));
  }

  /** One file. */
  record SqlitePlace(SqliteStore store, Path file) implements Place {
    @Override
    public UsageBackend open() {
      return CountedLedger.of(SqliteBackend.open(file), store);
    }

    @Override
    public PlainConnection connect() throws SQLException {
      return new PlainConnection(jdbc(), store);
    }

    @Override
    public BenchProcess.Address address() {
      return new BenchProcess.Address("", "", "", file.toString());
    }

    @Override
    public long bytesOfValues() throws SQLException {
      try (Connection connection = jdbc()) {
        return PlainColumns.bytes(connection, "length(CAST(%s AS BLOB))");
      }
    }

    Connection jdbc() throws SQLException {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("PRAGMA temp_store = MEMORY");
        statement.execute("PRAGMA cache_size = -16384");
        statement.execute("PRAGMA busy_timeout = 10000");
      }
      return connection;
    }

    @Override
    public long bytes(String table) throws SQLException {
      try (Connection connection = jdbc();
          PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name IN"
                      + " (SELECT name FROM sqlite_schema WHERE tbl_name = ?)")) {
        statement.setString(1, table);
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          return row.getLong(1);
        }
      }
    }

    @Override
    public void settle() throws SQLException {
      try (Connection connection = jdbc();
          Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        statement.execute("PRAGMA optimize");
      }
    }

    @Override
    public void close() throws IOException {
      for (String suffix : List.of("", "-wal", "-shm", ".lock")) {
        Files.deleteIfExists(Path.of(file + suffix));
      }
    }
  }
}
