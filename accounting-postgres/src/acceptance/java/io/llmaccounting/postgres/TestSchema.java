package io.llmaccounting.postgres;

import io.llmaccounting.postgres.PostgresSettings.SchemaMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A schema of its own for one test, made by running the migrations as plain SQL, as shops do that
 * run them themselves. Dropped when closed.
 */
public final class TestSchema implements AutoCloseable, AfterEachCallback {
  private static final List<String> MIGRATIONS =
      List.of(
          "V001__create_schema.sql",
          "V002__seal_audit_entries.sql",
          "V003__keep_bases_of_purged_usage.sql",
          "V004__keep_parts_and_reported_costs.sql",
          "V005__index_undelivered_alerts.sql",
          "V006__keep_better_figures.sql",
          "V007__weigh_tokens.sql",
          "V008__remove_idle_counters.sql",
          "V009__keep_salts_of_seals.sql",
          "V010__keep_changes_while_limits_are_counted.sql");

  private final PostgresServer server;
  private final String name = PostgresServer.newSchema();

  private TestSchema(PostgresServer server) {
    this.server = server;
  }

  public static TestSchema create() {
    return create(PostgresServer.shared());
  }

  static TestSchema create(PostgresServer server) {
    TestSchema schema = new TestSchema(server);
    server.run("CREATE SCHEMA " + schema.name);
    for (String migration : MIGRATIONS) {
      server.run("SET search_path = " + schema.name, text(migration));
    }
    return schema;
  }

  private static String text(String migration) {
    try (InputStream file = Migrations.class.getResourceAsStream("migration/" + migration)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return name;
  }

  public PostgresServer server() {
    return server;
  }

  PostgresSettings settings() {
    return PostgresSettings.defaults().schema(name).schemaMode(SchemaMode.VALIDATE).poolSize(4);
  }

  public PostgresBackend open(InstantSource clock) {
    return server.connect(settings().clock(clock));
  }

  PostgresBackend open() {
    return server.connect(settings());
  }

  /** Rows of a query that finds our tables without naming the schema. */
  List<List<String>> rows(String sql) {
    return server.rows(name, sql);
  }

  void run(String sql) {
    server.run("SET search_path = " + name, sql);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    server.run("DROP SCHEMA " + name + " CASCADE");
  }
}
