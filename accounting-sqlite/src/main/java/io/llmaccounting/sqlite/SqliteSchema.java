package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.backend.SchemaVersion;
import io.llmaccounting.shaded.flyway.core.Flyway;
import io.llmaccounting.shaded.flyway.core.api.FlywayException;
import io.llmaccounting.sqlite.SqliteSettings.SchemaMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the schema of one file to the version that this library works with, or says why not. */
final class SqliteSchema {
  static final String HISTORY = "llm_accounting_schema_history";

  private static final Logger LOG = LoggerFactory.getLogger(SqliteSchema.class);
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  private final SqliteFile file;
  private final SqliteMigrations migrations;

  SqliteSchema(SqliteFile file, SqliteMigrations migrations) {
    this.file = file;
    this.migrations = migrations;
  }

  /** Leaves the file in WAL mode with the wanted version, or throws and leaves it as it was. */
  void prepare() throws SQLException {
    requireNoFolder();
    try {
      if (isNew()) {
        requireMigrating(0);
        requireFolder();
      } else {
        requireDatabase();
      }
      if (isNew() || !isReady()) {
        LockFile lock = LockFile.beside(file.path());
        try {
          migrate();
        } finally {
          lock.close();
        }
      }
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private BackendException unreachable(IOException e) {
    return new BackendException(
        Kind.REJECTED,
        "%s cannot be created or read; check that its folder exists and can be written (%s)"
            .formatted(file.path(), e),
        e);
  }

  /** Says how the file's schema stands; neither creates nor changes the file. */
  SchemaVersion version() throws SQLException {
    requireNoFolder();
    try {
      if (isNew()) {
        return new SchemaVersion(0, migrations.version());
      }
      requireDatabase();
    } catch (IOException e) {
      throw unreachable(e);
    }
    try (Connection connection = file.migration().getConnection();
        Statement statement = connection.createStatement()) {
      return new SchemaVersion(version(statement), migrations.version());
    }
  }

  private void requireNoFolder() {
    if (Files.isDirectory(file.path())) {
      throw new BackendException(
          Kind.UNUSABLE, "%s is a folder; choose a file in it".formatted(file.path()));
    }
  }

  private void requireFolder() throws IOException {
    Path folder = parent(file.path());
    if (Files.isDirectory(folder)) {
      return;
    }
    if (file.settings().createsFolders()) {
      Files.createDirectories(folder);
      return;
    }
    Path nearest = folder;
    while (!Files.exists(nearest) && nearest.getParent() != null) {
      nearest = nearest.getParent();
    }
    throw new BackendException(
        Kind.REJECTED,
        "%s cannot be created, because its folder does not exist; %s does: correct the path or create the folder, or open with SqliteSettings.createFolders()"
            .formatted(file.path(), nearest));
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private boolean isNew() throws IOException {
    return !Files.exists(file.path()) || Files.size(file.path()) == 0;
  }

  // The file is looked at before SQLite opens it, so that somebody else's file stays untouched.
  private void requireDatabase() throws IOException {
    try (InputStream in = Files.newInputStream(file.path())) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new BackendException(
            Kind.UNUSABLE,
            "%s is no SQLite database; choose another path or move that file away"
                .formatted(file.path()));
      }
    }
  }

  private boolean isReady() throws SQLException {
    try (Connection connection = file.migration().getConnection();
        Statement statement = connection.createStatement()) {
      int found = version(statement);
      if (found < migrations.version()) {
        requireMigrating(found);
        return false;
      }
      return text(statement, "PRAGMA journal_mode").equalsIgnoreCase("wal");
    }
  }

  private int version(Statement statement) throws SQLException {
    String named = " FROM sqlite_schema WHERE type = 'table' AND name ";
    if (number(statement, "SELECT count(*)" + named + "= '" + HISTORY + "'") == 0) {
      if (number(statement, "SELECT count(*)" + named + "NOT LIKE 'sqlite_%'") > 0) {
        throw new BackendException(
            Kind.UNUSABLE,
            "%s is the SQLite database of another program; choose another path"
                .formatted(file.path()));
      }
      return 0;
    }
    int found =
        number(
            statement,
            "SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM "
                + HISTORY
                + " WHERE success = 1");
    if (found > migrations.version()) {
      throw new BackendException(
          Kind.UNUSABLE,
          "schema of %s is at version %d but this library knows %d; use a newer library"
              .formatted(file.path(), found, migrations.version()));
    }
    return found;
  }

  private void requireMigrating(int found) {
    if (file.settings().schemaMode() == SchemaMode.VALIDATE) {
      throw new BackendException(
          Kind.UNUSABLE,
          "schema of %s is at version %d but this library needs %d; open it with SchemaMode.MIGRATE"
              .formatted(file.path(), found, migrations.version()));
    }
  }

  private void migrate() throws SQLException {
    int found;
    try (Connection connection = file.migration().getConnection();
        Statement statement = connection.createStatement()) {
      text(statement, "PRAGMA journal_mode = WAL");
      found = version(statement);
      if (!migrations.scripts().isEmpty()
          && number(statement, "SELECT count(*) FROM sqlite_schema") == 0) {
        FreshSchema.create(connection, migrations.scripts());
        return;
      }
    }
    if (found == migrations.version()) {
      return; // Another starter was faster.
    }
    if (found == 0) {
      runFlyway();
      return;
    }
    SchemaBackup backup = SchemaBackup.of(file, found);
    try {
      runFlyway();
      LOG.info(
          "{} was migrated from schema version {} to {}; a copy of before is {}",
          file.path(),
          found,
          migrations.version(),
          backup.copy());
    } catch (BackendException e) {
      throw backup.restoredAfter(e);
    }
  }

  private void runFlyway() {
    try {
      Flyway.configure(SqliteSchema.class.getClassLoader())
          .dataSource(file.migration())
          .loggers("slf4j")
          .locations(migrations.locations().toArray(String[]::new))
          .table(HISTORY)
          .cleanDisabled(true)
          .failOnMissingLocations(true)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw failed(e);
    }
  }

  private BackendException failed(FlywayException failure) {
    Kind kind = Kind.UNAVAILABLE;
    String reason = failure.getMessage();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        BackendException translated = new SqliteDialect(file.path()).translate(sql);
        kind = translated.kind();
        reason = translated.getMessage();
      }
    }
    return new BackendException(
        kind,
        "schema of %s could not be brought to version %d: %s"
            .formatted(file.path(), migrations.version(), reason),
        failure);
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
