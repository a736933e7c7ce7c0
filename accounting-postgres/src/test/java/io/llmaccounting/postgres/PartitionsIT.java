package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.retention.PurgeKind;
import io.llmaccounting.retention.PurgeReport;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PartitionsIT {
  private static final int RECORDS =
      Integer.getInteger("llm.accounting.test.purgedRecords", 100_000);
  private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");
  private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
  private static final TimeRange OLD = new TimeRange(JANUARY, MARCH);

  @RegisterExtension final TestSchema schema = TestSchema.create();
  private final ManualClock clock = ManualClock.create();

  @Test
  void areMadeForThisMonthAndThreeMoreOnConnecting() {
    clock.set("2026-11-30T23:59:59Z");

    try (PostgresBackend backend = schema.open(clock)) {
      assertThat(backend.partitions().months())
          .extracting(Instant::toString)
          .containsExactly(
              "2026-11-01T00:00:00Z",
              "2026-12-01T00:00:00Z",
              "2027-01-01T00:00:00Z",
              "2027-02-01T00:00:00Z");
    }
  }

  @Test
  void takeRecordsByTheMonthOfTheirCalls() {
    clock.set("2026-03-15T00:00:00Z");
    try (PostgresBackend backend = schema.open(clock);
        LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build()) {
      backend.partitions().makeFor(OLD);
      accounting.track(aCall().at(FEBRUARY.minusMillis(1)).usage());
      accounting.track(aCall().at(FEBRUARY).usage());
      accounting.track(aCall().at(JANUARY.minusMillis(1)).usage());

      assertThat(schema.rows("SELECT count(*) FROM usage_event_2026_01").get(0))
          .containsExactly("1");
      assertThat(schema.rows("SELECT count(*) FROM usage_event_2026_02").get(0))
          .containsExactly("1");
      assertThat(backend.partitions().recordsWithoutPartition()).isEqualTo(1);
    }
  }

  @Test
  void aMonthWhoseRecordsLieInTheDefaultPartitionIsLeftThere() {
    clock.set("2026-03-15T00:00:00Z");
    try (PostgresBackend backend = schema.open(clock);
        LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build()) {
      accounting.track(aCall().at(JANUARY).usage());

      backend.partitions().makeFor(OLD);

      assertThat(backend.partitions().months()).contains(FEBRUARY).doesNotContain(JANUARY);
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  @Test
  void droppingThemLeavesReportsOverRolledUpMonthsAsTheyWere() {
    clock.set("2026-03-15T00:00:00Z");
    try (PostgresBackend backend = schema.open(clock);
        LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build()) {
      backend.partitions().makeFor(OLD);
      accounting.trackAll(calls());
      List<ReportRow> before = report(accounting);
      // Any DELETE on the records fails from here on.
      schema.run("CREATE RULE no_delete AS ON DELETE TO usage_event DO INSTEAD SELECT 1 / 0");

      PurgeReport report = accounting.admin().purge(MARCH).run();

      assertThat(report.removed(PurgeKind.USAGE)).isEqualTo(RECORDS);
      assertThat(backend.partitions().months()).doesNotContain(JANUARY, FEBRUARY);

      assertThat(schema.rows("SELECT count(*) FROM usage_event").get(0)).containsExactly("0");
      assertThat(report(accounting)).isEqualTo(before).hasSize(2);
      assertThat(backend.usage().completeFrom()).isEqualTo(MARCH);
      assertThat(backend.maintenance().compareRollups()).isEmpty();
    }
  }

  @Test
  void areDroppedEmptyWhereALimitCountsForEver() {
    clock.set("2026-03-15T00:00:00Z");
    try (PostgresBackend backend = schema.open(clock);
        LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build()) {
      backend.partitions().makeFor(OLD);
      accounting.limits().save(Limit.named("ever").requests(5).lifetime());
      accounting.track(aCall().at(JANUARY).usage());
      accounting.track(aCall().at(MARCH).usage());

      accounting.admin().purge(MARCH).run();

      assertThat(backend.partitions().months()).doesNotContain(JANUARY, FEBRUARY).contains(MARCH);
      assertThat(accounting.quotas().status(aCall().request()).get(0).used()).isEqualTo(2);
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  @Test
  void aReportUnderWayKeepsNobodyFromPurging() throws Exception {
    clock.set("2026-03-15T00:00:00Z");
    try (PostgresBackend backend = schema.open(clock);
        LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build()) {
      backend.partitions().makeFor(OLD);
      accounting.track(aCall().at(JANUARY).usage());

      PurgeReport report =
          backend
              .maintenance()
              .inspect(
                  view -> {
                    view.scan(Instant.EPOCH, record -> {});
                    return accounting.admin().purge(MARCH).run();
                  });

      assertThat(report.removed(PurgeKind.USAGE)).isEqualTo(1);
      assertThat(backend.partitions().months()).contains(JANUARY);
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  private static Iterator<Usage> calls() {
    return IntStream.range(0, RECORDS)
        .mapToObj(
            i ->
                aCall()
                    .in("project-" + i % 2)
                    .costing("0.000000001")
                    .at(JANUARY.plus(Duration.ofMinutes(1L * i * 80_000 / RECORDS)))
                    .usage())
        .iterator();
  }

  private static List<ReportRow> report(LlmAccounting accounting) {
    return accounting.report(OLD).by(Dimension.PROJECT).run().rows();
  }
}
