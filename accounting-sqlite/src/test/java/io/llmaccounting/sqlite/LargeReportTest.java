package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import io.llmaccounting.usage.UsageTotals;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeReportTest {
  private static final int RECORDS =
      Integer.getInteger("llm.accounting.test.reportedRecords", 100_000);
  private static final int QUERIES = Integer.getInteger("llm.accounting.test.reports", 60);
  private static final int BATCH = 10_000;
  private static final long SEED = 20260401;
  private static final TimeRange DATA =
      new TimeRange(Instant.parse("2026-02-26T00:00:00Z"), Instant.parse("2026-04-03T00:00:00Z"));
  private static final TimeRange MARCH =
      new TimeRange(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z"));
  @TempDir static Path directory;
  private static GeneratedCalls calls;
  private static SqliteBackend backend;

  @BeforeAll
  static void recordTheCalls() {
    calls = new GeneratedCalls(SEED, RECORDS, DATA);
    backend = open("usage.db");
    for (int i = 0; i < RECORDS; i += BATCH) {
      Bookings.record(backend, calls.usages(i, i + BATCH));
    }
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  private static SqliteBackend open(String name) {
    return SqliteBackend.open(
        directory.resolve(name),
        SqliteSettings.defaults()
            .clock(InstantSource.fixed(DATA.to()))
            .durability(SqliteSettings.Durability.NORMAL));
  }

  @Test
  void everyReportIsTheSumOverTheRecordsToTheNanoDollar() {
    for (int i = 0; i < QUERIES; i++) {
      ReportQuery query = GeneratedReports.query(new Random(SEED + i), DATA);

      assertThat(sums(backend.usage().report(query)))
          .as("seed %d: %s", SEED + i, query)
          .isEqualTo(asLists(calls.sums(query)));
    }
  }

  @Test
  void aMonthByProjectIsReadFromRollupsAlone() throws Exception {
    ReportQuery query =
        new ReportQuery(
            MARCH, UsageFilter.all(), List.of(Dimension.PROJECT), null, ZoneOffset.UTC, false);
    List<ReportRow> rows = backend.usage().report(query);
    Path copy = directory.resolve("copy.db");
    RawDatabase.run(directory.resolve("usage.db"), "VACUUM INTO '" + copy + "'");
    RawDatabase.run(copy, "DELETE FROM usage_event");

    try (SqliteBackend withoutRecords = open("copy.db")) {
      assertThat(withoutRecords.usage().latest(UsageQuery.latest(1))).isEmpty();
      assertThat(withoutRecords.usage().report(query)).isEqualTo(rows).hasSize(3);
    }
  }

  private static Map<GeneratedCalls.Key, List<Long>> sums(List<ReportRow> rows) {
    Map<GeneratedCalls.Key, List<Long>> sums = new HashMap<>();
    for (ReportRow row : rows) {
      UsageTotals totals = row.totals();
      sums.put(
          new GeneratedCalls.Key(row.bucket(), row.values()),
          List.of(
              totals.calls(),
              totals.unpriced(),
              totals.cost().nanos(),
              totals.missing(),
              totals.tokens().input(),
              totals.latency().sum()));
    }
    assertThat(sums).as("no row is there twice").hasSameSizeAs(rows);
    return sums;
  }

  private static Map<GeneratedCalls.Key, List<Long>> asLists(Map<GeneratedCalls.Key, long[]> sums) {
    return sums.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> Arrays.stream(entry.getValue()).boxed().toList()));
  }
}
