package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolSchemaTest {
  private static final String TEXTS =
      "SELECT name, type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid";
  private static final List<String> COLUMNS = List.of("type", "name", "tbl_name", "sql");
  private static final int[] MASKS = {0x01, 0x10, 0x20, 0xB6};

  @TempDir Path folder;

  private Path spool() {
    SqliteSpool.at(folder).close();
    return folder.resolve("spool-1.db");
  }

  private static SpooledCall call() {
    return new SpooledCall(aCall().usage(), false, true, ManualClock.START);
  }

  @Test
  void noByteOfWhatAFileSaysAboutItsTablesChangesUnnoticed() throws SQLException {
    List<List<String>> objects = RawDatabase.rows(spool(), TEXTS);
    try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      SpoolSchema schema = new SpoolSchema(Path.of("spool-1.db"), memory);
      schema.prepare();
      schema.verify();
      // what is parsed stays as it was: only what is stored changes
      try (Statement statement = memory.createStatement()) {
        statement.execute("PRAGMA writable_schema = ON");
      }
      for (int object = 1; object <= objects.size(); object++) {
        for (int column = 0; column < COLUMNS.size(); column++) {
          String text = objects.get(object - 1).get(column + 1);
          String sql =
              "UPDATE sqlite_schema SET %s = CAST(? AS TEXT) WHERE rowid = %d"
                  .formatted(COLUMNS.get(column), object);
          try (PreparedStatement update = memory.prepareStatement(sql)) {
            everyByteIsNoticed(schema, update, text);
          }
        }
      }
    }
  }

  private static void everyByteIsNoticed(SpoolSchema schema, PreparedStatement update, String text)
      throws SQLException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at++) {
      for (int mask : MASKS) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) mask;
        update.setBytes(1, damaged);
        update.executeUpdate();
        assertThatThrownBy(schema::verify)
            .as("byte %d of \"%s\" ^ %d", at, text, mask)
            .isInstanceOf(SpoolDamage.class);
      }
    }
    update.setBytes(1, bytes);
    update.executeUpdate();
    schema.verify();
  }

  @Test
  void aTableMoreOrLessIsDamage() throws SQLException {
    Path file = spool();
    RawDatabase.run(file, "CREATE INDEX by_reason ON spool_call (reason)");
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      assertThat(spool.state().setAside()).hasSize(1);
    }

    RawDatabase.run(file, "DROP TABLE spool_open_amount");
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      assertThat(spool.state().setAside()).hasSize(2);
      assertThat(spool.openAmounts().complete()).isFalse();
    }
  }

  /** reading 14. */
  @Test
  void statisticsOfSqliteAreNoDamage() throws SQLException {
    SpooledCall call = call();
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      spool.append(List.of(call), Map.of());
    }
    RawDatabase.run(folder.resolve("spool-1.db"), "ANALYZE");

    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      assertThat(spool.state().setAside()).isEmpty();
      assertThat(spool.read(0, 10)).singleElement().matches(entry -> entry.call().equals(call));
    }
  }

  @Test
  void aFileOfAnOlderVersionGainsTheColumnsItLacks() throws SQLException {
    SpooledCall call = call();
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      spool.append(List.of(call), Map.of());
    }
    Path file = folder.resolve("spool-1.db");
    List<List<String>> fresh = RawDatabase.rows(file, TEXTS);
    for (String column :
        List.of("asked", "speed", "lower_bound", "prefers_computed", "reported_cost", "parts")) {
      RawDatabase.run(file, "ALTER TABLE spool_call DROP COLUMN " + column);
    }

    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      assertThat(spool.read(0, 10)).singleElement().matches(entry -> entry.call().equals(call));
      assertThat(spool.state().setAside()).isEmpty();
    }
    assertThat(RawDatabase.rows(file, TEXTS)).isEqualTo(fresh);
  }

  @Test
  void aFileOfANewerVersionIsLeftToThatVersion() throws SQLException {
    Path file = spool();
    RawDatabase.run(
        file,
        "ALTER TABLE spool_call ADD COLUMN mood TEXT",
        "ALTER TABLE spool_call ADD COLUMN weight_2 INTEGER");

    assertThatThrownBy(() -> SqliteSpool.at(folder))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(
            "was written by a newer version of this library, which knows mood TEXT, weight_2"
                + " INTEGER; use that one")
        .matches(e -> ((BackendException) e).kind() == BackendException.Kind.UNUSABLE);
    assertThat(RawDatabase.rows(file, TEXTS).toString()).contains("weight_2 INTEGER) STRICT");
  }
}
