package io.llmaccounting.server.process;

import io.llmaccounting.backend.SchemaVersion;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.cli.command.DatabasePlace;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.server.config.StoreSettings;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens SQLite files and PostgreSQL. */
public final class DatabaseStores implements Stores {
  @Override
  public UsageBackend open(StoreSettings settings, boolean mayCreate) {
    if (DatabasePlace.isPostgres(settings.place())) {
      return PostgresBackend.connect(
          settings.place(), user(settings), password(settings), postgres(settings, mayCreate));
    }
    Path file = Path.of(settings.place());
    if (mayCreate) {
      FileProblems.requireFolder(file);
    } else if (isAbsent(settings)) {
      throw Failure.failed(
          "there is no database " + file,
          "Check --db; 'migrate', 'run' and 'keys create' make it.");
    }
    return SqliteBackend.open(
        file,
        SqliteSettings.defaults()
            .schemaMode(
                mayCreate
                    ? SqliteSettings.SchemaMode.MIGRATE
                    : SqliteSettings.SchemaMode.VALIDATE));
  }

  @Override
  public boolean isAbsent(StoreSettings settings) {
    return !DatabasePlace.isPostgres(settings.place()) && !Files.exists(Path.of(settings.place()));
  }

  @Override
  public SchemaVersion version(StoreSettings settings) {
    return DatabasePlace.isPostgres(settings.place())
        ? PostgresBackend.schemaVersion(
            settings.place(), user(settings), password(settings), postgres(settings, false))
        : SqliteBackend.schemaVersion(Path.of(settings.place()));
  }

  private static PostgresSettings postgres(StoreSettings store, boolean mayCreate) {
    PostgresSettings settings =
        PostgresSettings.defaults()
            .schemaMode(
                mayCreate
                    ? PostgresSettings.SchemaMode.MIGRATE
                    : PostgresSettings.SchemaMode.VALIDATE);
    return store.schema() == null ? settings : settings.schema(store.schema());
  }

  private static String user(StoreSettings settings) {
    if (settings.user() == null) {
      throw Failure.usage(
          "no role for PostgreSQL was named", "Give --db-user, or set LLM_ACCOUNTING_DB_USER.");
    }
    return settings.user();
  }

  private static String password(StoreSettings settings) {
    return settings.password() == null ? "" : settings.password().reveal();
  }
}
