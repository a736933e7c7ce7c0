package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.sql.SqlLedger;
import io.llmaccounting.testing.ReplacedLedger;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The work of a decision depends on the limits that watch it, not on how much history there is. */
class FlatWorkTest {
  private static final CallRequest CALL =
      CallRequest.to("m")
          .user("alice")
          .inputTokens(10)
          .maxOutputTokens(10)
          .cost(Cost.usd("0.000001"));

  @TempDir Path folder;
  private final ManualClock clock = ManualClock.create();

  private record Work(long statements, long steps) {}

  @Test
  void isTheSameWithAThousandRecordsAndWithAMillion() throws Exception {
    Work little = workOfAReserve(folder.resolve("little.db"), 1_000);
    Work much = workOfAReserve(folder.resolve("much.db"), 1_000_000);

    assertThat(much).isEqualTo(little);
    assertThat(little.statements()).isPositive();
    assertThat(little.steps()).isPositive();
  }

  private Work workOfAReserve(Path path, int records) throws Exception {
    SqliteSettings settings = SqliteSettings.defaults().clock(clock);
    SqliteFile file = new SqliteFile(path, settings);
    SqliteDialect dialect = new SqliteDialect(path);
    try (SqliteBackend backend = SqliteBackend.open(path, settings);
        CountingConnections counting = new CountingConnections(file, dialect)) {
      UsageBackend counted =
          new ReplacedLedger(backend, new SqlLedger(counting, dialect, session -> clock.instant()));
      try (LlmAccounting accounting = LlmAccounting.builder(counted).clock(clock).build()) {
        limits().forEach(accounting.limits()::save);
        fill(path, records);
        accounting.quotas().reserve(CALL);
        clock.advance(Duration.ofSeconds(1));
        long statements = counting.statements.get();
        long steps = counting.steps.get();

        assertThat(accounting.quotas().reserve(CALL).decision().isAdmitted()).isTrue();

        return new Work(counting.statements.get() - statements, counting.steps.get() - steps);
      }
    }
  }

  private static List<Limit> limits() {
    return List.of(
        Limit.named("a").user("alice").requests(1_000).rolling(Duration.ofHours(1)),
        Limit.named("b").eachUser().totalTokens(1_000_000).rolling(Duration.ofDays(30)),
        Limit.named("c").cost(Cost.usd("1000")).rollingMonths(1),
        Limit.named("d").cost(Cost.usd("1000")).lifetime());
  }

  private static void fill(Path file, int records) throws Exception {
    RawDatabase.run(
        file,
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
        INSERT INTO usage_event (id, occurred_at, model, source, outcome, batch, user_name,
          charged_at, settled_at, late)
        SELECT CAST(printf('%%016d', i) AS BLOB), i, 'm', 'MISSING', 'SUCCEEDED', 0, 'alice', i, i, 0
        FROM n
        """
            .formatted(records));
  }

  /** faults C3. */
  @Test
  void lookingForUndeliveredAlertsReadsNoDeliveredOne(
      @org.junit.jupiter.api.io.TempDir java.nio.file.Path other) throws Exception {
    java.nio.file.Path file = other.resolve("alerts.db");
    SqliteBackend.open(file).close();

    assertThat(
            RawDatabase.rows(
                file, "EXPLAIN QUERY PLAN SELECT id, used FROM alert_fired WHERE NOT delivered"))
        .singleElement()
        .satisfies(step -> assertThat(step.toString()).contains("alert_fired_undelivered"));
  }
}
