package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.postgres.PostgresSettings.SchemaMode;
import io.llmaccounting.postgres.PostgresSettings.Sharding;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.testing.postgres.ServerSchema;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A migrated schema of its own for one test, and backends on it. Dropped when closed. */
final class TestSchema implements AutoCloseable, AfterEachCallback {
  private final ServerSchema schema;
  private @Nullable WatchedSource watched;

  private TestSchema(ServerSchema schema) {
    this.schema = schema;
  }

  static TestSchema create() {
    return create(PostgresServer.shared());
  }

  static TestSchema create(PostgresServer server) {
    ServerSchema schema = ServerSchema.create(server);
    if (ClusterPage.isCluster(server)) {
      ClusterPage.distribute(schema);
    }
    return new TestSchema(schema);
  }

  static PostgresBackend connect(PostgresServer server, PostgresSettings settings) {
    return PostgresBackend.connect(server.url(), server.user(), server.password(), settings);
  }

  String name() {
    return schema.name();
  }

  PostgresServer server() {
    return schema.server();
  }

  PostgresSettings settings() {
    PostgresSettings settings =
        PostgresSettings.defaults().schema(name()).schemaMode(SchemaMode.VALIDATE).poolSize(4);
    return ClusterPage.isCluster(server()) ? settings.sharding(Sharding.BY_PROJECT) : settings;
  }

  PostgresBackend open(InstantSource clock) {
    return connect(settings().clock(clock));
  }

  PostgresBackend open() {
    return connect(settings());
  }

  PostgresBackend connect(PostgresSettings settings) {
    return settings.sharding() == Sharding.BY_PROJECT
        ? PostgresBackend.connect(watched(false).source(), settings)
        : connect(server(), settings);
  }

  /** As by-project shards are written to on a cluster. */
  PostgresBackend connectOverServers(InstantSource clock) {
    return PostgresBackend.connectOverServers(
        watched(true).source(), settings().clock(clock).sharding(Sharding.BY_PROJECT));
  }

  private synchronized WatchedSource watched(boolean overServers) {
    if (watched == null) {
      watched = new WatchedSource(server(), overServers || ClusterPage.isCluster(server()));
    }
    return watched;
  }

  /** What ledgers that are sharded have asked since the last time, with what was bound. */
  List<String> booked() {
    return watched(false).booked();
  }

  List<List<String>> rows(String sql) {
    return schema.rows(sql);
  }

  void run(String sql) {
    schema.run(sql);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  /** Closes it; throws if a statement of a backend that is sharded broke a rule of shards. */
  @Override
  public synchronized void close() {
    if (watched != null) {
      watched.close();
    }
    schema.close();
    if (watched != null) {
      assertThat(watched.broken()).isEmpty();
    }
  }
}
