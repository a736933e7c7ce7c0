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

  static void putBackToVersion3(Path file) throws Exception {
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
