package io.llmaccounting.postgres;

import io.llmaccounting.postgres.PostgresSettings.SchemaMode;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.testing.postgres.ServerSchema;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A migrated schema of its own for one test, and backends on it. Dropped when closed. */
final class TestSchema implements AutoCloseable, AfterEachCallback {
  private final ServerSchema schema;

  private TestSchema(ServerSchema schema) {
    this.schema = schema;
  }

  static TestSchema create() {
    return new TestSchema(ServerSchema.create());
  }

  static TestSchema create(PostgresServer server) {
    return new TestSchema(ServerSchema.create(server));
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
    return PostgresSettings.defaults().schema(name()).schemaMode(SchemaMode.VALIDATE).poolSize(4);
  }

  PostgresBackend open(InstantSource clock) {
    return connect(settings().clock(clock));
  }

  PostgresBackend open() {
    return connect(settings());
  }

  PostgresBackend connect(PostgresSettings settings) {
    return connect(server(), settings);
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

  @Override
  public void close() {
    schema.close();
  }
}
