package io.llmaccounting.postgres;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.backend.SchemaVersion;
import io.llmaccounting.postgres.PostgresSettings.SchemaMode;
import io.llmaccounting.postgres.PostgresSettings.Sharding;
import io.llmaccounting.shaded.flyway.core.Flyway;
import io.llmaccounting.shaded.flyway.core.api.FlywayException;
import io.llmaccounting.sql.Shards;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one schema to the version that this library works with, or says why not. */
final class PostgresSchema {
  static final String HISTORY = "llm_accounting_schema_history";
  private static final Logger LOG = LoggerFactory.getLogger(PostgresSchema.class);
  // Where starters collide on an empty database, all but one of them look again.
  private static final int MOST_ATTEMPTS = 10;
  private static final Set<String> TAKEN = Set.of("23505", "42P06", "42P07", "42710");

  // The number by which this choice is stored.
  private static final int BY_PROJECT = 1;

  private final DataSource service;
  private final PostgresSettings settings;
  private final PostgresMigrations migrations;

  PostgresSchema(DataSource service, PostgresSettings settings, PostgresMigrations migrations) {
    this.service = service;
    this.settings = settings;
    this.migrations = migrations;
  }

  private DataSource owner() {
    DataSource owner = settings.owner();
    return owner == null ? service : owner;
  }

  /** Leaves the schema at the wanted version, or throws. */
  void prepare() throws SQLException {
    if (settings.schemaMode() == SchemaMode.NONE) {
      return;
    }
    int found = version();
    if (found == migrations.version()) {
      return;
    }
    if (settings.schemaMode() == SchemaMode.VALIDATE) {
      throw new BackendException(
          Kind.UNUSABLE,
          "schema %s is at version %d but this library needs %d; run the migrations or connect with SchemaMode.MIGRATE"
              .formatted(settings.schema(), found, migrations.version()));
    }
    for (int attempt = 1; found < migrations.version(); attempt++) {
      try {
        createSchema();
        runFlyway();
        LOG.info("schema {} is at version {} now", settings.schema(), migrations.version());
      } catch (FlywayException e) {
        if (attempt == MOST_ATTEMPTS || (version() <= found && !isCollision(e))) {
          throw failed(e);
        }
      }
      found = version();
    }
  }

  private BackendException failed(FlywayException failure) {
    Kind kind = Kind.UNAVAILABLE;
    String reason = "see the cause, then connect again";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        BackendException translated =
            new PostgresDialect(settings.schema(), Shards.single()).translate(sql);
        kind = translated.kind();
        reason = String.valueOf(translated.getMessage());
      }
    }
    return new BackendException(
        kind,
        "schema %s could not be brought to version %d: %s"
            .formatted(settings.schema(), migrations.version(), reason),
        failure);
  }

  private static boolean isCollision(FlywayException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && TAKEN.contains(PostgresDialect.state(sql))) {
        return true;
      }
    }
    return false;
  }

  /** Says how the schema stands; neither creates nor changes it. */
  SchemaVersion schemaVersion() throws SQLException {
    return new SchemaVersion(version(), migrations.version());
  }

  /** The version found, 0 where there are no tables of ours. */
  private int version() throws SQLException {
    try (Connection connection = service.getConnection();
        Statement statement = connection.createStatement()) {
      int threshold = Pooler.prepareNothing(connection);
      String table = settings.schema() + ".settings";
      try {
        if (number(statement, "SELECT coalesce(to_regclass('" + table + "')::oid::bigint, 0)")
            == 0) {
          return 0;
        }
        int found =
            number(
                statement,
                "SELECT coalesce(max(value), 0) FROM "
                    + table
                    + " WHERE shard_key = 0 AND name = 'schema_version'");
        requireKnown(found);
        return found;
      } finally {
        finish(connection);
        Pooler.prepareAgain(connection, threshold);
      }
    }
  }

  private void requireKnown(int found) {
    if (found > migrations.version()) {
      throw new BackendException(
          Kind.UNUSABLE,
          "schema %s is at version %d but this library knows %d; use a newer library"
              .formatted(settings.schema(), found, migrations.version()));
    }
  }

  // IF NOT EXISTS alone may still fail where two create it at once.
  private void createSchema() throws SQLException {
    try (Connection connection = owner().getConnection();
        Statement statement = connection.createStatement()) {
      try {
        if (number(
                statement,
                "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '%s'"
                    .formatted(settings.schema()))
            == 0) {
          statement.execute("CREATE SCHEMA IF NOT EXISTS " + settings.schema());
        }
        if (!connection.getAutoCommit()) {
          connection.commit();
        }
      } catch (SQLException e) {
        finish(connection);
        if (!TAKEN.contains(PostgresDialect.state(e))) {
          throw e;
        }
      }
    }
  }

  private void runFlyway() {
    Flyway.configure(PostgresSchema.class.getClassLoader())
        .dataSource(owner())
        .loggers("slf4j")
        .schemas(settings.schema())
        .createSchemas(false)
        .locations(migrations.locations().toArray(String[]::new))
        .table(HISTORY)
        .cleanDisabled(true)
        .failOnMissingLocations(true)
        .placeholderReplacement(false)
        .load()
        .migrate();
  }

  /** Says how the database is sharded; the first process to ask decides. */
  Sharding sharding() throws SQLException {
    try (Connection connection = service.getConnection();
        Statement statement = connection.createStatement()) {
      int threshold = Pooler.prepareNothing(connection);
      String table = settings.schema() + ".settings";
      String select = "SELECT value FROM " + table + " WHERE shard_key = 0 AND name = 'sharding'";
      try {
        int stored = number(statement, select);
        if (stored < 0) {
          statement.execute(
              "INSERT INTO %s (name, value) VALUES ('sharding', %d) ON CONFLICT DO NOTHING"
                  .formatted(table, settings.sharding() == Sharding.BY_PROJECT ? BY_PROJECT : 0));
          stored = number(statement, select);
          if (!connection.getAutoCommit()) {
            connection.commit();
          }
        }
        return chosen(stored == BY_PROJECT ? Sharding.BY_PROJECT : Sharding.NONE);
      } finally {
        finish(connection);
        Pooler.prepareAgain(connection, threshold);
      }
    }
  }

  private Sharding chosen(Sharding stored) {
    if (settings.sharding() == Sharding.BY_PROJECT && stored == Sharding.NONE) {
      throw new BackendException(
          Kind.UNUSABLE,
          "schema %s was created with Sharding.NONE, which cannot be changed; connect without BY_PROJECT or use a new schema"
              .formatted(settings.schema()));
    }
    return stored;
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? Math.toIntExact(row.getLong(1)) : -1;
    }
  }

  private static void finish(Connection connection) throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
    }
  }
}
