package io.llmaccounting.sqlite.crash;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.retention.PurgeKind;
import io.llmaccounting.retention.PurgeReport;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledWhilePurgingTest {
  private static final int RECORDS = 2_000;
  private static final int KILLS = 2;
  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
  private static final Instant BEFORE = Instant.parse("2025-06-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void leavesEverythingAddingUpAndASecondRunDoesTheRest() throws Exception {
    Path file = folder.resolve("usage.db");
    List<ReportRow> rows = prepare(file);
    Random random = new Random(5);

    for (int kill = 0; kill < KILLS; kill++) {
      killDuringPurge(file, 1 + random.nextInt(30));
      try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file))) {
        assertThat(accounting.admin().verify().differences()).isEmpty();
        assertThat(report(accounting)).isEqualTo(rows);
        assertThat(used(accounting)).isEqualTo(7L * RECORDS / 2);
      }
    }

    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file))) {
      PurgeReport rest = accounting.admin().purge(BEFORE).keysToo().run();
      assertThat(rest.removed(PurgeKind.USAGE)).isBetween(1L, RECORDS - 20L * KILLS);
      assertThat(accounting.tail(UsageFilter.all(), 1)).isEmpty();
      assertThat(accounting.admin().verify().differences()).isEmpty();
      accounting.admin().rebuild();
      assertThat(report(accounting)).isEqualTo(rows);
      assertThat(used(accounting)).isEqualTo(7L * RECORDS / 2);
    }
  }

  private static List<ReportRow> prepare(Path file) {
    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file))) {
      accounting.limits().save(Limit.named("ever").eachUser().cost(Cost.usd("9")).lifetime());
      accounting.trackAll(
          Stream.iterate(0, i -> i + 1)
              .limit(RECORDS)
              .map(KilledWhilePurgingTest::call)
              .iterator());
      return report(accounting);
    }
  }

  private static Usage call(int number) {
    return aCall()
        .key("key " + number)
        .by("user-" + number % 2)
        .costing("0.000000007")
        .at(START.plusSeconds(1_000L * number))
        .usage();
  }

  private static List<ReportRow> report(LlmAccounting accounting) {
    return accounting.report(TimeRange.always()).by(Dimension.USER).run().rows();
  }

  private static long used(LlmAccounting accounting) {
    return accounting.quotas().status(aCall().by("user-1").request()).get(0).used();
  }

  private static void killDuringPurge(Path file, int batches) throws Exception {
    try (ChildProcess child =
        ChildProcess.of(PurgingMain.class, file.toString(), BEFORE.toString())) {
      for (int i = 0; i <= batches; i++) {
        assertThat(child.line()).as("the child ended by itself").startsWith("USAGE ");
      }
      child.kill();
    }
  }
}
