package io.llmaccounting.postgres;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How a database is used. Immutable.
 *
 * @param schema the schema that holds our tables; lower case letters, digits and underscores
 * @param schemaMode what to do where the schema is older or missing
 * @param sharding what a new database is given; one that exists keeps its own
 * @param clock the ledger's clock; null for that of the database's server
 * @param poolSize connections of our own pool; means nothing where a DataSource is given
 * @param statementTimeout after how long the server gives a statement up
 * @param lockTimeout after how long the server gives waiting for a lock up
 * @param owner connects as the owner of the tables, to migrate and to make and drop partitions;
 *     null where the service's own role does that, or nobody
 */
public record PostgresSettings(
    String schema,
    SchemaMode schemaMode,
    Sharding sharding,
    @Nullable InstantSource clock,
    int poolSize,
    Duration statementTimeout,
    Duration lockTimeout,
    @Nullable DataSource owner) {
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final PostgresSettings DEFAULTS =
      new PostgresSettings(
          "llm_accounting",
          SchemaMode.MIGRATE,
          Sharding.NONE,
          null,
          8,
          Duration.ofMinutes(1),
          Duration.ofSeconds(10),
          null);

  /** What to do with a database whose schema is older or missing. */
  public enum SchemaMode {
    /** Create or migrate the schema. */
    MIGRATE,
    /** Refuse to connect. */
    VALIDATE,
    /** Do not check the version: whoever runs the migrations keeps it right. */
    NONE
  }

  /** What the first column of every key holds, for databases that may be spread with Citus. */
  public enum Sharding {
    /** Always 0: one server, or quotas and reports of all projects in one place. */
    NONE,
    /** A stable hash of the project of each call. */
    BY_PROJECT
  }

  /** Checks the name and the ranges. */
  public PostgresSettings {
    Objects.requireNonNull(schemaMode, "schemaMode is required, was null");
    Objects.requireNonNull(sharding, "sharding is required, was null");
    if (!NAME.matcher(schema).matches()) {
      throw new IllegalArgumentException(
          "schema must be 1 to 63 of a-z, 0-9 and _, not beginning with a digit, was \"%s\""
              .formatted(schema));
    }
    if (poolSize < 2 || poolSize > 256) {
      throw new IllegalArgumentException("poolSize must be from 2 to 256, was " + poolSize);
    }
    requireTimeout("statementTimeout", statementTimeout);
    requireTimeout("lockTimeout", lockTimeout);
  }

  private static void requireTimeout(String what, Duration timeout) {
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(what + " must be from PT0.001S to P1D, was " + timeout);
    }
  }

  /**
   * The defaults: schema {@code llm_accounting}, migrated on connecting, with the server's clock.
   */
  public static PostgresSettings defaults() {
    return DEFAULTS;
  }

  /** Returns a copy for this schema. */
  public PostgresSettings schema(String name) {
    return new PostgresSettings(
        name, schemaMode, sharding, clock, poolSize, statementTimeout, lockTimeout, owner);
  }

  /** Returns a copy that treats older schemas this way. */
  public PostgresSettings schemaMode(SchemaMode mode) {
    return new PostgresSettings(
        schema, mode, sharding, clock, poolSize, statementTimeout, lockTimeout, owner);
  }

  /** Returns a copy that shards a new database this way. */
  public PostgresSettings sharding(Sharding choice) {
    return new PostgresSettings(
        schema, schemaMode, choice, clock, poolSize, statementTimeout, lockTimeout, owner);
  }

  /**
   * Returns a copy with this clock instead of the server's; all who share a database must agree on
   * it.
   */
  public PostgresSettings clock(InstantSource source) {
    return new PostgresSettings(
        schema, schemaMode, sharding, source, poolSize, statementTimeout, lockTimeout, owner);
  }

  /** Returns a copy with so many connections in our own pool. */
  public PostgresSettings poolSize(int connections) {
    return new PostgresSettings(
        schema, schemaMode, sharding, clock, connections, statementTimeout, lockTimeout, owner);
  }

  /** Returns a copy that gives a statement up after so long. */
  public PostgresSettings statementTimeout(Duration timeout) {
    return new PostgresSettings(
        schema, schemaMode, sharding, clock, poolSize, timeout, lockTimeout, owner);
  }

  /** Returns a copy that waits at most so long for a lock. */
  public PostgresSettings lockTimeout(Duration timeout) {
    return new PostgresSettings(
        schema, schemaMode, sharding, clock, poolSize, statementTimeout, timeout, owner);
  }

  /**
   * Returns a copy that uses these connections, of the tables' owner, for migrations and
   * partitions.
   */
  public PostgresSettings owner(DataSource dataSource) {
    return new PostgresSettings(
        schema, schemaMode, sharding, clock, poolSize, statementTimeout, lockTimeout, dataSource);
  }
}
