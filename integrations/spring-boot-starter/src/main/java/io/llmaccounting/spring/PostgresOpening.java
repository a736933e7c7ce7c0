package io.llmaccounting.spring;

import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Keeps usage in PostgreSQL; loaded only where accounting-postgres is there. */
final class PostgresOpening {
  private static final String PREFIX = LlmAccountingProperties.PREFIX + "postgres.";

  private PostgresSettings settings = PostgresSettings.defaults();

  private PostgresOpening() {}

  static BackendOpener of(
      DataSource service, @Nullable DataSource owner, LlmAccountingProperties.Postgres properties) {
    PostgresSettings settings = new PostgresOpening().settings(owner, properties);
    return () -> PostgresBackend.connect(service, settings);
  }

  private PostgresSettings settings(
      @Nullable DataSource owner, LlmAccountingProperties.Postgres properties) {
    SettingException.with(
        PREFIX + "schema", properties.schema(), schema -> settings = settings.schema(schema));
    SettingException.with(
        PREFIX + "statement-timeout",
        properties.statementTimeout(),
        timeout -> settings = settings.statementTimeout(timeout));
    SettingException.with(
        PREFIX + "lock-timeout",
        properties.lockTimeout(),
        timeout -> settings = settings.lockTimeout(timeout));
    settings =
        settings
            .schemaMode(PostgresSettings.SchemaMode.valueOf(properties.schemaMode().name()))
            .sharding(PostgresSettings.Sharding.valueOf(properties.sharding().name()));
    return owner == null ? settings : settings.owner(owner);
  }
}
