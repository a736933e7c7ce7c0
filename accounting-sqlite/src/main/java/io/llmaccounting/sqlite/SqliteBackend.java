package io.llmaccounting.sqlite;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OwnedObjectStore;
import io.llmaccounting.backend.Redelivery;
import io.llmaccounting.backend.SchemaVersion;
import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.SqlLedger;
import io.llmaccounting.sql.SqlLimitStore;
import io.llmaccounting.sql.access.SqlAccessKeyStore;
import io.llmaccounting.sql.access.SqlCredentialStore;
import io.llmaccounting.sql.access.SqlOwnedObjectStore;
import io.llmaccounting.sql.audit.SqlAuditLog;
import io.llmaccounting.sql.directory.SqlDirectoryStore;
import io.llmaccounting.sql.maintenance.SqlMaintenance;
import io.llmaccounting.sql.report.SqlUsageStore;
import io.llmaccounting.sql.retention.SqlRetention;
import io.llmaccounting.sql.sinks.SqlOutbox;
import io.llmaccounting.sql.sinks.SqlRedelivery;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Keeps everything in one SQLite file, which any number of threads and processes of one machine may
 * share; never put it on a network file system. Safe for use by many threads.
 */
public final class SqliteBackend implements AccessBackend, SinkBackend {
  private final SqliteConnections connections;
  private final Ledger ledger;
  private final LimitStore limits;
  private final UsageStore usage;
  private final DirectoryStore directory;
  private final AuditLog audit;
  private final AccessKeyStore accessKeys;
  private final CredentialStore credentials;
  private final Outbox outbox;
  private final Redelivery redelivery;
  private final OwnedObjectStore ownedObjects;
  private final Maintenance maintenance;

  private SqliteBackend(SqliteFile file) {
    this.connections = new SqliteConnections(file);
    SqliteDialect dialect = new SqliteDialect(file.path());
    LedgerClock clock = session -> file.settings().clock().instant().truncatedTo(ChronoUnit.MICROS);
    this.ledger = new SqlLedger(connections, dialect, clock);
    this.limits = new SqlLimitStore(connections, dialect, clock);
    this.usage = new SqlUsageStore(connections);
    this.directory = new SqlDirectoryStore(connections);
    this.audit = new SqlAuditLog(connections);
    this.accessKeys = new SqlAccessKeyStore(connections);
    this.credentials = new SqlCredentialStore(connections);
    this.outbox = new SqlOutbox(connections, dialect, clock);
    this.redelivery = new SqlRedelivery(connections, dialect, clock);
    this.ownedObjects = new SqlOwnedObjectStore(connections);
    this.maintenance =
        new SqlMaintenance(
            connections,
            dialect,
            clock,
            new SqlRetention(connections, dialect, clock),
            connections::overwriteFreed);
  }

  /**
   * Opens {@code file} with default settings, creating it in a folder that exists, or migrating it,
   * as needed.
   *
   * @throws BackendException UNUSABLE if it is no database of this library or of a newer version of
   *     it, REJECTED if it cannot be written or its folder does not exist, UNAVAILABLE if it is
   *     locked or the disk is full; the file is then as it was
   */
  public static SqliteBackend open(Path file) {
    return open(file, SqliteSettings.defaults());
  }

  /**
   * Opens {@code file}, creating or migrating it as the settings say.
   *
   * @throws BackendException as {@link #open(Path)} says
   */
  public static SqliteBackend open(Path file, SqliteSettings settings) {
    return open(file, settings, SqliteMigrations.CURRENT);
  }

  /**
   * Says how the schema of {@code file} stands; neither creates nor changes the file.
   *
   * @throws BackendException as {@link #open(Path)} says
   */
  public static SchemaVersion schemaVersion(Path file) {
    SqliteFile found = new SqliteFile(file, SqliteSettings.defaults());
    try {
      return new SqliteSchema(found, SqliteMigrations.CURRENT).version();
    } catch (SQLException e) {
      throw new SqliteDialect(found.path()).translate(e);
    }
  }

  static SqliteBackend open(Path path, SqliteSettings settings, SqliteMigrations migrations) {
    Objects.requireNonNull(path, "file is required, was null");
    SqliteFile file = new SqliteFile(path, settings);
    try {
      new SqliteSchema(file, migrations).prepare();
    } catch (SQLException e) {
      throw new SqliteDialect(file.path()).translate(e);
    }
    return new SqliteBackend(file);
  }

  @Override
  public Ledger ledger() {
    return whileOpen(ledger);
  }

  @Override
  public LimitStore limits() {
    return whileOpen(limits);
  }

  @Override
  public UsageStore usage() {
    return whileOpen(usage);
  }

  @Override
  public DirectoryStore directory() {
    return whileOpen(directory);
  }

  @Override
  public AuditLog audit() {
    return whileOpen(audit);
  }

  @Override
  public AccessKeyStore accessKeys() {
    return whileOpen(accessKeys);
  }

  @Override
  public CredentialStore credentials() {
    return whileOpen(credentials);
  }

  @Override
  public Outbox outbox() {
    return whileOpen(outbox);
  }

  @Override
  public Redelivery redelivery() {
    return whileOpen(redelivery);
  }

  @Override
  public OwnedObjectStore ownedObjects() {
    return whileOpen(ownedObjects);
  }

  @Override
  public Maintenance maintenance() {
    return whileOpen(maintenance);
  }

  private <S> S whileOpen(S store) {
    connections.requireOpen();
    return store;
  }

  @Override
  public void close() {
    connections.close();
  }
}
