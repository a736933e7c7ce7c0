package io.llmaccounting.postgres;

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
import io.llmaccounting.postgres.PostgresSettings.Sharding;
import io.llmaccounting.shaded.hikari.HikariDataSource;
import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.sql.SqlLedger;
import io.llmaccounting.sql.SqlLimitStore;
import io.llmaccounting.sql.access.SqlAccessKeyStore;
import io.llmaccounting.sql.access.SqlCredentialStore;
import io.llmaccounting.sql.access.SqlOwnedObjectStore;
import io.llmaccounting.sql.audit.SqlAuditLog;
import io.llmaccounting.sql.directory.SqlDirectoryStore;
import io.llmaccounting.sql.maintenance.SqlMaintenance;
import io.llmaccounting.sql.report.SqlUsageStore;
import io.llmaccounting.sql.sinks.SqlOutbox;
import io.llmaccounting.sql.sinks.SqlRedelivery;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Keeps everything in one schema of a PostgreSQL database (14 to 18), which any number of services
 * may share. Safe for use by many threads.
 */
public final class PostgresBackend implements AccessBackend, SinkBackend {
  private final PostgresConnections connections;
  private final PostgresConnections owner;
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
  private final PostgresPartitions partitions;
  private final Runnable lastStep;

  private PostgresBackend(
      PostgresConnections connections, PostgresDialect dialect, Equipment equipment)
      throws SQLException {
    LedgerClock clock = ServerClock.of(equipment.settings());
    this.connections = connections;
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
    this.owner = equipment.owner(connections, dialect);
    this.maintenance =
        new SqlMaintenance(
            connections, dialect, clock, new PostgresRetention(owner, dialect, clock), () -> false);
    this.partitions = new PostgresPartitions(owner, clock);
    this.lastStep = equipment.lastStep();
  }

  /**
   * The parts that a backend is made of: connections, the start of their transactions, and how to
   * release them.
   */
  private record Equipment(
      DataSource service,
      TransactionStart start,
      PostgresSettings settings,
      Runnable lastStep,
      boolean overServers) {

    static Equipment borrowed(DataSource service, PostgresSettings settings, boolean overServers) {
      return new Equipment(
          service, TransactionStart.borrowed(settings), settings, () -> {}, overServers);
    }

    Shards shards(PostgresSchema schema) throws SQLException {
      Shards shards =
          schema.sharding() == Sharding.BY_PROJECT ? Shards.byProject() : Shards.single();
      SpreadTables tables = new SpreadTables(service, settings.schema());
      if (!overServers && !tables.areOverServers()) {
        return shards;
      }
      if (shards.isSpread()) {
        tables.copySettings();
      }
      // as if each shard were a part of its own where no table has any
      long[] parts = tables.areOverServers() ? tables.parts() : new long[0];
      return shards.overServers(shard -> parts.length == 0 ? shard : parts[shard]);
    }

    PostgresConnections service(PostgresDialect dialect) throws SQLException {
      boolean pooled = Pooler.isBetween(service);
      return new PostgresConnections(
          service, dialect, pooled ? TransactionStart.borrowed(settings) : start, pooled);
    }

    PostgresConnections owner(PostgresConnections connections, PostgresDialect dialect)
        throws SQLException {
      DataSource owner = settings.owner();
      return owner == null
          ? connections
          : new PostgresConnections(
              owner, dialect, TransactionStart.borrowed(settings), Pooler.isBetween(owner));
    }
  }

  /**
   * Uses connections of {@code dataSource} with default settings; it stays open when this is
   * closed.
   *
   * @throws BackendException UNUSABLE if the schema is none of this library or of a newer version,
   *     or the role may not do what is needed; UNAVAILABLE if the server is away
   */
  public static PostgresBackend connect(DataSource dataSource) {
    return connect(dataSource, PostgresSettings.defaults());
  }

  /**
   * Uses connections of {@code dataSource}, which stays open when this is closed.
   *
   * @throws BackendException as {@link #connect(DataSource)} says
   */
  public static PostgresBackend connect(DataSource dataSource, PostgresSettings settings) {
    Objects.requireNonNull(dataSource, "dataSource is required, was null");
    return connect(Equipment.borrowed(dataSource, settings, false), PostgresMigrations.CURRENT);
  }

  /** Talks to any server as to one that hands rows on to others. */
  static PostgresBackend connectOverServers(DataSource dataSource, PostgresSettings settings) {
    return connect(Equipment.borrowed(dataSource, settings, true), PostgresMigrations.CURRENT);
  }

  /**
   * True if {@link #connect} can read this URL: its form, hosts, ports and escapes. This asks no
   * server, and never shows or logs the URL, because it may hold a password.
   */
  public static boolean isUrl(String url) {
    return PostgresUrl.isReadable(url);
  }

  /**
   * Connects with a pool of our own, which is closed with this, and default settings.
   *
   * @param url {@code jdbc:postgresql://host:port/database}, with the driver's options, TLS among
   *     them
   * @throws BackendException as {@link #connect(DataSource)} says
   */
  public static PostgresBackend connect(String url, String user, String password) {
    return connect(url, user, password, PostgresSettings.defaults());
  }

  /**
   * Connects with a pool of our own, which is closed with this.
   *
   * @throws BackendException as {@link #connect(DataSource)} says
   */
  public static PostgresBackend connect(
      String url, String user, String password, PostgresSettings settings) {
    return connect(url, user, password, settings, PostgresMigrations.CURRENT);
  }

  /**
   * Says how the schema stands; neither creates nor changes it.
   *
   * @throws BackendException as {@link #connect(DataSource)} says
   */
  public static SchemaVersion schemaVersion(
      String url, String user, String password, PostgresSettings settings) {
    try (HikariDataSource pool = OwnPool.open(url, user, password, settings)) {
      return new PostgresSchema(pool, settings, PostgresMigrations.CURRENT).schemaVersion();
    } catch (SQLException e) {
      throw new PostgresDialect(settings.schema(), Shards.single()).translate(e);
    }
  }

  static PostgresBackend connect(
      String url,
      String user,
      String password,
      PostgresSettings settings,
      PostgresMigrations migrations) {
    HikariDataSource pool = OwnPool.open(url, user, password, settings);
    boolean connected = false;
    try {
      PostgresBackend backend =
          connect(
              new Equipment(pool, TransactionStart.prepared(), settings, pool::close, false),
              migrations);
      connected = true;
      return backend;
    } finally {
      if (!connected) {
        pool.close();
      }
    }
  }

  private static PostgresBackend connect(Equipment equipment, PostgresMigrations migrations) {
    PostgresSettings settings = equipment.settings();
    try {
      PostgresSchema schema = new PostgresSchema(equipment.service(), settings, migrations);
      schema.prepare();
      PostgresDialect dialect = new PostgresDialect(settings.schema(), equipment.shards(schema));
      PostgresConnections connections = equipment.service(dialect);
      PostgresBackend backend = new PostgresBackend(connections, dialect, equipment);
      backend.partitions.keepAhead();
      return backend;
    } catch (SQLException e) {
      throw new PostgresDialect(settings.schema(), Shards.single()).translate(e);
    }
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

  /** The partitions that records lie in, to make them ahead of an import; purging drops them. */
  public PostgresPartitions partitions() {
    return whileOpen(partitions);
  }

  private <S> S whileOpen(S store) {
    connections.requireOpen();
    return store;
  }

  @Override
  public void close() {
    partitions.close();
    if (!owner.equals(connections)) {
      owner.close(() -> {});
    }
    connections.close(lastStep);
  }
}
