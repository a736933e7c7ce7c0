package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.Period;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageTotals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MillionRecordsReportTest {
  private static final int RECORDS = 1_000_000;
  private static final int BATCH = 4_000;
  private static final long SEED = 20260401;
  private static final Period DATA =
      new Period(Instant.parse("2026-02-26T00:00:00Z"), Instant.parse("2026-04-03T00:00:00Z"));
  private static final Period MARCH =
      new Period(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z"));
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "+00:19:32");

  @TempDir static Path directory;
  private static GeneratedCalls calls;
  private static SqliteBackend backend;

  @BeforeAll
  static void recordAMillionCalls() {
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
    for (int i = 0; i < 200; i++) {
      ReportQuery query = query(new Random(SEED + i));

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
      assertThat(withoutRecords.usage().latest(UsageFilter.all(), 1)).isEmpty();
      assertThat(withoutRecords.usage().report(query)).isEqualTo(rows).hasSize(4);
    }
  }

  private static ReportQuery query(Random random) {
    boolean ofRollups = random.nextInt(4) > 0;
    List<Dimension> dimensions = new ArrayList<>(GeneratedCalls.dimensions());
    if (ofRollups) {
      dimensions.retainAll(
          List.of(Dimension.PROJECT, Dimension.USER, Dimension.MODEL, Dimension.CALLER));
    }
    Collections.shuffle(dimensions, random);
    UsageFilter filter = UsageFilter.all();
    for (Dimension dimension : dimensions.subList(0, random.nextInt(3))) {
      filter = filter.with(dimension, match(dimension, random));
    }
    if (!ofRollups && random.nextInt(3) == 0) {
      filter = new UsageFilter(filter.matches(), random.nextBoolean());
    }
    Collections.shuffle(dimensions, random);
    List<TimeBucket> buckets = new ArrayList<>(List.of(TimeBucket.values()));
    buckets.add(null);
    return new ReportQuery(
        period(random, ofRollups),
        filter,
        dimensions.subList(0, random.nextInt(3)),
        buckets.get(random.nextInt(buckets.size())),
        ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))),
        false);
  }

  private static Match match(Dimension dimension, Random random) {
    String value = GeneratedCalls.anyValue(dimension, random);
    if (value == null) {
      return Match.absent();
    }
    return random.nextBoolean()
        ? Match.is(value)
        : Match.prefix(value.substring(0, 1 + random.nextInt(value.length())));
  }

  private static Period period(Random random, boolean isLong) {
    Duration most = isLong ? Duration.between(DATA.from(), DATA.to()) : Duration.ofDays(5);
    Instant from = DATA.from().plus(random.nextLong(35L * 86_400_000_000L), ChronoUnit.MICROS);
    Instant to = from.plus(1 + random.nextLong(most.toMillis()) * 1_000, ChronoUnit.MICROS);
    return switch (random.nextInt(4)) {
      case 0 -> isLong ? MARCH : new Period(from, to);
      case 1 ->
          new Period(
              from.truncatedTo(ChronoUnit.DAYS),
              to.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)));
      default -> new Period(from, to);
    };
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
