package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.Difference;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollupCheckTest {
  private static final Instant DAY = Instant.parse("2026-03-10T00:00:00Z");
  private static final Instant NOON = DAY.plus(Duration.ofHours(12));

  @TempDir Path directory;
  private SqliteBackend backend;

  @BeforeEach
  void open() {
    backend = SqliteBackend.open(file(), SqliteSettings.defaults().clock(ManualClock.create()));
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private Path file() {
    return directory.resolve("usage.db");
  }

  @Test
  void namesEveryRollupThatSaysSomethingElse() throws SQLException {
    Bookings.record(backend, aCall().at(NOON).by("alice").in("search").costing("0.02").usage());
    RawDatabase.run(
        file(),
        "UPDATE usage_rollup SET cost = cost - 30000000, failed = 1"
            + " WHERE family = 1 AND grain = 86400000000");

    assertThat(backend.maintenance().compareRollups())
        .containsExactly(
            new Difference(
                "fine day rollup of 2026-03-10T00:00:00Z,"
                    + " project search, model gpt-5-mini, user alice",
                "{cost=-10000000, failed=1}",
                "{cost=20000000, failed=0}"));
  }

  @Test
  void namesRollupsWithoutRecordsAndRecordsWithoutRollups() throws SQLException {
    Bookings.record(backend, aCall().at(NOON).usage());
    RawDatabase.run(
        file(),
        "DELETE FROM usage_rollup WHERE family = 2 AND grain = 900000000",
        "INSERT INTO usage_rollup SELECT 1, 900000000, bucket + 86400000000, 'ghost', model,"
            + " user_name, caller, provider, calls, failed, cancelled, unfinished, estimated,"
            + " partial, missing, unpriced, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,"
            + " 0, 0, 0, 0, 0"
            + " FROM usage_rollup WHERE family = 1 AND grain = 86400000000");

    assertThat(backend.maintenance().compareRollups())
        .containsExactly(
            new Difference(
                "coarse quarter-hour rollup of 2026-03-10T12:00:00Z, model gpt-5-mini",
                "no row",
                "{calls=1, text_output=20, uncached_input=100, unpriced=1}"),
            new Difference(
                "fine quarter-hour rollup of 2026-03-11T00:00:00Z,"
                    + " project ghost, model gpt-5-mini",
                "{calls=1, unpriced=1}",
                "no row"));
  }

  @Test
  void rebuildingRepairsWhateverIsWrong() throws SQLException {
    for (int hour = 0; hour < 60; hour++) {
      Instant at = DAY.plus(Duration.ofHours(hour));
      Bookings.record(backend, aCall().at(at).by("user-" + hour % 7).costing("0.1").usage());
    }
    List<List<String>> intact = rollups();
    RawDatabase.run(
        file(),
        "DELETE FROM usage_rollup WHERE bucket % 7 = 0",
        "UPDATE usage_rollup SET cost = cost + 1 WHERE family = 2",
        "INSERT OR IGNORE INTO usage_rollup SELECT family, grain, bucket + grain * 900, project,"
            + " model, 'ghost', caller, provider, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,"
            + " 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM usage_rollup");

    backend.maintenance().rebuildRollups();

    assertThat(rollups()).isEqualTo(intact);
  }

  @Test
  void leavesBucketsThatBeginBeforeThePurgeHorizonAlone() throws SQLException {
    Bookings.record(backend, aCall().at(NOON.minusSeconds(1)).costing("1").usage());
    Bookings.record(backend, aCall().at(NOON).costing("2").usage());
    Bookings.record(backend, aCall().at(NOON.plus(Duration.ofDays(1))).costing("4").usage());
    List<List<String>> intact = rollups();
    long horizon = NOON.getEpochSecond() * 1_000_000;
    RawDatabase.run(
        file(),
        "DELETE FROM usage_event WHERE occurred_at < " + horizon,
        "UPDATE settings SET value = " + horizon + " WHERE name = 'purge_horizon'");

    assertThat(backend.usage().completeFrom()).isEqualTo(NOON);
    assertThat(backend.maintenance().compareRollups()).isEmpty();
    backend.maintenance().rebuildRollups();
    assertThat(rollups()).isEqualTo(intact);
  }

  @Test
  void theLatestAdjustmentIsTheCostThatCounts() throws SQLException {
    RecordedUsage given =
        Bookings.record(backend, aCall().at(NOON).session("s").costing("1").usage());
    RecordedUsage unpriced = Bookings.record(backend, aCall().at(NOON).session("s").usage());
    RawDatabase.run(
        file(),
        adjustment(given, 1, 5_000_000_000L),
        adjustment(given, 2, 300_000_000L),
        adjustment(unpriced, 1, 20_000_000L));

    assertThat(backend.maintenance().compareRollups()).hasSize(4);
    backend.maintenance().rebuildRollups();

    UsageFilter ofSession = UsageFilter.all().session("s");
    assertThat(cost(UsageFilter.all())).isEqualTo(Cost.usd("0.32"));
    assertThat(cost(ofSession)).isEqualTo(Cost.usd("0.32"));
    assertThat(backend.usage().report(query(ofSession.unpriced()))).isEmpty();
    assertThat(backend.usage().find(given.usage().id()).flatMap(RecordedUsage::cost))
        .contains(Cost.usd("0.3"));
    assertThat(backend.usage().latest(UsageQuery.latest(5))).hasSize(2);
  }

  private static String adjustment(RecordedUsage of, int seq, long nanos) {
    return "INSERT INTO usage_adjustment (usage_id, seq, cost, priced_by, at) VALUES (x'%s', %d, %d, 'test', 0)"
        .formatted(of.usage().id().toString().replace("-", ""), seq, nanos);
  }

  private Cost cost(UsageFilter filter) {
    List<ReportRow> rows = backend.usage().report(query(filter));
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).totals().unpriced()).isZero();
    return rows.get(0).totals().cost();
  }

  private static ReportQuery query(UsageFilter filter) {
    TimeRange days = new TimeRange(DAY, DAY.plus(Duration.ofDays(2)));
    return new ReportQuery(days, filter, List.of(Dimension.MODEL), null, ZoneOffset.UTC, false);
  }

  private List<List<String>> rollups() throws SQLException {
    return RawDatabase.rows(file(), "SELECT * FROM usage_rollup ORDER BY 1, 2, 3, 4, 5, 6, 7, 8");
  }
}
