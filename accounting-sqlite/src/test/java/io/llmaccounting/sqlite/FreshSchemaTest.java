package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** faults D3: a new file is made without Flyway, and nobody can tell. */
class FreshSchemaTest {
  private static final String SCHEMA =
      "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name";
  private static final String HISTORY =
      "SELECT installed_rank, version, description, type, script, checksum, installed_by, success"
          + " FROM llm_accounting_schema_history ORDER BY installed_rank";
  private static final String SETTINGS = "SELECT * FROM settings ORDER BY 1, 2";

  @TempDir Path folder;

  @Test
  void isTheOneThatFlywayMakesWithItsHistory() throws Exception {
    Path fresh = folder.resolve("fresh.db");
    Path byFlyway = folder.resolve("flyway.db");
    SqliteBackend.open(fresh).close();
    SqliteMigrations found =
        new SqliteMigrations(
            SqliteMigrations.CURRENT.version(), SqliteMigrations.CURRENT.locations());
    SqliteBackend.open(byFlyway, SqliteSettings.defaults(), found).close();

    for (String rows : List.of(SCHEMA, HISTORY, SETTINGS)) {
      assertThat(RawDatabase.rows(fresh, rows))
          .isEqualTo(RawDatabase.rows(byFlyway, rows))
          .isNotEmpty();
    }
  }

  @Test
  void isNotThereAtAllAfterAFailure() throws Exception {
    Path file = folder.resolve("usage.db");
    List<String> scripts = new ArrayList<>(SqliteMigrations.CURRENT.scripts());
    scripts.add(scripts.get(0)); // whose tables are there by then

    SqliteFile target = new SqliteFile(file, SqliteSettings.defaults());
    try (Connection connection = target.migration().getConnection()) {
      assertThatThrownBy(() -> FreshSchema.create(connection, scripts))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("already exists");
    }

    assertThat(RawDatabase.rows(file, SCHEMA)).isEmpty();
    SqliteBackend.open(file).close();
  }
}
