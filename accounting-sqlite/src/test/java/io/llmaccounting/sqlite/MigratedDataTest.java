package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.RecordedUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an older version wrote is what this one reads. */
class MigratedDataTest {
  private static final List<String> ADDED =
      List.of(
          "usage_event parts",
          "usage_event reported_cost",
          "usage_event prefers_computed",
          "usage_event lower_bound",
          "usage_event speed",
          "quota_counter idle_from",
          "quota_counter idle_as_of",
          "usage_adjustment lower_bound",
          "usage_rollup lower_bound",
          "usage_rollup reported_cost_count",
          "usage_rollup reported_cost_sum",
          "usage_rollup cost_difference_count",
          "usage_rollup cost_difference_sum",
          "quota_limit weights",
          "audit_entry seal_salt",
          "audit_entry sealed_digest",
          "audit_entry attested_by");

  @TempDir Path folder;

  @Test
  void recordsAndRollupsOfVersion3AreTheSameAfterwards() throws Exception {
    Path file = folder.resolve("usage.db");
    RecordedUsage recorded;
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      recorded = Bookings.record(backend, UsageFixtures.aCall().costing("0.25").usage());
    }
    putBackToVersion3(file);

    try (SqliteBackend backend = SqliteBackend.open(file)) {
      assertThat(backend.usage().find(recorded.usage().id())).contains(recorded);
      assertThat(backend.maintenance().compareRollups()).isEmpty();
    }
    assertThat(
            RawDatabase.rows(
                file, "SELECT cost_usd, reported_cost_usd, cost_is_lower_bound FROM usage_view"))
        .containsExactly(java.util.Arrays.asList("0.250000000", null, "0"));
  }

  /** faults G9: names that an older version counted keep their rollups when their day fills up. */
  @Test
  void namesOfVersion10KeepTheirRollups() throws Exception {
    Path file = folder.resolve("usage.db");
    List<String> before;
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      for (int i = 1; i <= 4; i++) {
        Bookings.record(backend, UsageFixtures.aCall().by("user-" + i).costing("0.25").usage());
      }
      before = users(file);
    }
    putBackToVersion10(file);

    try (SqliteBackend backend = SqliteBackend.open(file)) {
      assertThat(users(file)).isEqualTo(before);
      assertThat(backend.maintenance().names().most()).isEqualTo(100_000);
      backend.maintenance().names().change(2);
      for (int i = 5; i <= 8; i++) {
        Bookings.record(backend, UsageFixtures.aCall().by("user-" + i).usage());
      }
      Bookings.record(backend, UsageFixtures.aCall().by("user-1").usage());
      assertThat(backend.maintenance().compareRollups()).isEmpty();
    }
    assertThat(users(file))
        .containsExactly(
            "(other) 2", "user-1 2", "user-2 1", "user-3 1", "user-4 1", "user-5 1", "user-6 1");
  }

  private static List<String> users(Path file) throws Exception {
    return RawDatabase.rows(
            file,
            "SELECT user_name || ' ' || calls FROM usage_rollup"
                + " WHERE family = 1 AND grain = 86400000000 ORDER BY 1")
        .stream()
        .map(row -> row.get(0))
        .toList();
  }

  private static void putBackToVersion10(Path file) throws Exception {
    RawDatabase.run(
        file,
        "DROP TABLE rollup_name",
        "DROP TABLE rollup_full",
        "DELETE FROM settings WHERE name IN ('names_per_day', 'names_revision')",
        "DELETE FROM " + SqliteSchema.HISTORY + " WHERE CAST(version AS INTEGER) > 10");
  }

  static void putBackToVersion3(Path file) throws Exception {
    putBackToVersion10(file);
    List<String> statements = new ArrayList<>();
    statements.add("DROP TABLE usage_change");
    statements.add("DELETE FROM settings WHERE name IN ('changes_kept_until', 'records_revision')");
    statements.add("DROP VIEW usage_view");
    statements.add("DROP INDEX alert_fired_undelivered");
    for (String column : ADDED) {
      String[] words = column.split(" ");
      statements.add("ALTER TABLE %s DROP COLUMN %s".formatted(words[0], words[1]));
    }
    statements.add("CREATE VIEW usage_view AS SELECT id FROM usage_event");
    statements.add("DELETE FROM " + SqliteSchema.HISTORY + " WHERE CAST(version AS INTEGER) > 3");
    RawDatabase.run(file, statements.toArray(String[]::new));
  }
}
