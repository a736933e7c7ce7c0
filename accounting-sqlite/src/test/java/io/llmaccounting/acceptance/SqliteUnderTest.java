package io.llmaccounting.acceptance;

import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.sqlite.SpoolSettings;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import io.llmaccounting.testing.TemporaryFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Optional;

/** SQLite, with the spool that comes with it. */
public final class SqliteUnderTest implements BackendUnderTest {
  /** A folder with the file and the spool. */
  record Stored(TemporaryFolder folder) implements StorageUnderTest {
    Path file() {
      return folder.path().resolve("usage.db");
    }

    @Override
    public UsageBackend open(InstantSource clock) {
      return SqliteBackend.open(file(), SqliteSettings.defaults().clock(clock));
    }

    @Override
    public Meddling meddling() {
      return new SqlMeddling(this::run, id -> "x'" + id.toString().replace("-", "") + "'");
    }

    private void run(String sql) {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }

    @Override
    public Optional<Spool> openSpool(InstantSource clock, long maxBytes) {
      return Optional.of(
          SqliteSpool.at(
              folder.path().resolve("spool"),
              SpoolSettings.defaults().clock(clock).maxBytes(maxBytes)));
    }

    @Override
    public void close() {
      folder.close();
    }
  }

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public StorageUnderTest create() {
    return new Stored(TemporaryFolder.create());
  }
}
