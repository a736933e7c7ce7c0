package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.retention.PurgeKind;
import io.llmaccounting.retention.PurgeReport;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many records leave in transactions that stay small. */
class LargePurgeTest {
  private static final int RECORDS = Integer.getInteger("purge.records", 20_000);
  private static final int BATCH = 500;
  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void whatATransactionWritesDependsOnTheBatchAndNotOnTheHistory() {
    Path file = folder.resolve("usage.db");
    Path log = folder.resolve("usage.db-wal");
    ManualClock clock = ManualClock.create();
    try (LlmAccounting accounting =
        LlmAccounting.builder(SqliteBackend.open(file, SqliteSettings.defaults().clock(clock)))
            .clock(clock)
            .build()) {
      accounting.limits().save(Limit.named("ever").requests(RECORDS + 1).lifetime());
      accounting.trackAll(
          IntStream.range(0, RECORDS)
              .mapToObj(i -> aCall().costing("0.01").at(START.plusSeconds(60L * i)).usage())
              .iterator());
      long[] longest = {0, 0};

      PurgeReport report =
          accounting
              .admin()
              .purge(clock.instant())
              .inBatchesOf(BATCH)
              .onProgress(
                  step -> {
                    longest[0] = Math.max(longest[0], step.removed() - longest[1]);
                    longest[1] = step.removed();
                  })
              .run();

      assertThat(report.removed(PurgeKind.USAGE)).isEqualTo(RECORDS);
      assertThat(longest[0]).isEqualTo(BATCH);
      // SQLite empties its log at some 4 MB; one transaction for all would make it as large as all.
      assertThat(log).satisfies(wal -> assertThat(Files.size(wal)).isLessThan(8_000_000));
      assertThat(accounting.quotas().status(aCall().request()).get(0).used()).isEqualTo(RECORDS);
      assertThat(accounting.report(TimeRange.always()).run().total().calls()).isEqualTo(RECORDS);
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }
}
