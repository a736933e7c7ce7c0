package io.llmaccounting.sql.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportSlicesPropertyTest {
  private static final List<String> ODD_ZONES =
      List.of(
          "UTC",
          "Asia/Kathmandu",
          "America/St_Johns",
          "Australia/Lord_Howe",
          "Africa/Monrovia",
          "Pacific/Apia",
          "+00:19:32",
          "-17:59:59");
  private static final List<String> ZONES = ZoneId.getAvailableZoneIds().stream().sorted().toList();
  private static final long LATEST = Instant.parse("2030-01-01T00:00:00Z").getEpochSecond();

  @Test
  void coversEveryPeriodExactlyOnceInOrder() {
    for (long seed = 0; seed < 1_000; seed++) {
      Case drawn = Case.of(seed);
      long reached = micros(drawn.period.from());

      for (ReportSlice slice : drawn.slices()) {
        assertThat(slice.from()).as("%s", drawn).isEqualTo(reached);
        assertThat(slice.to()).as("%s", drawn).isGreaterThan(slice.from());
        reached = slice.to();
      }

      assertThat(reached).as("%s", drawn).isEqualTo(micros(drawn.period.to()));
    }
  }

  @Test
  void noGrainOfASliceSpansTwoBuckets() {
    for (long seed = 0; seed < 1_000; seed++) {
      Case drawn = Case.of(seed);
      Random random = new Random(seed);

      for (ReportSlice slice : drawn.slices()) {
        Grain grain = slice.grain();
        long from = slice.from();
        long to = slice.to();
        if (grain != null) {
          assertThat(from % grain.micros()).as("%s", drawn).isZero();
          assertThat(to % grain.micros()).as("%s", drawn).isZero();
          from = grain.floor(random.nextLong(from, to));
          to = from + grain.micros();
        }
        if (drawn.bucket != null) {
          TimeRange bucket = drawn.bucket.of(instant(from), drawn.zone);
          assertThat(bucket.contains(instant(from))).as("%s", drawn).isTrue();
          assertThat(bucket.contains(instant(to - 1))).as("%s", drawn).isTrue();
        }
      }
    }
  }

  @Test
  void readsRaggedEndsOfLessThanAQuarterHour() {
    for (long seed = 0; seed < 1_000; seed++) {
      Case drawn = Case.of(seed);

      for (ReportSlice slice : drawn.slices()) {
        if (slice.grain() == null) {
          assertThat(slice.to() - slice.from())
              .as("%s", drawn)
              .isLessThan(2 * Grain.QUARTER_HOUR.micros());
          assertThat(Grain.QUARTER_HOUR.ceiling(slice.from()) + Grain.QUARTER_HOUR.micros())
              .as("%s", drawn)
              .isGreaterThan(slice.to());
        }
      }
    }
  }

  @Test
  void servesAMonthInUtcFromWholeDaysOnly() {
    TimeRange month =
        new TimeRange(Instant.parse("2026-02-01T00:00:00Z"), Instant.parse("2026-03-01T00:00:00Z"));
    List<ReportSlice> slices = new ArrayList<>();

    new ReportSlices(month, TimeBucket.DAY, ZoneId.of("UTC")).forEachRemaining(slices::add);

    assertThat(slices)
        .containsExactly(new ReportSlice(Grain.DAY, micros(month.from()), micros(month.to())));
  }

  private record Case(long seed, TimeRange period, @Nullable TimeBucket bucket, ZoneId zone) {
    static Case of(long seed) {
      Random random = new Random(seed);
      List<String> zones = random.nextBoolean() ? ODD_ZONES : ZONES;
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      TimeBucket[] buckets = TimeBucket.values();
      int chosen = random.nextInt(buckets.length + 1);
      long step = random.nextBoolean() ? 1 : 900_000_000L;
      long from = random.nextLong(LATEST * 1_000_000) / step * step;
      long span = (long) (Math.pow(random.nextDouble(), 4) * 400 * Grain.DAY.micros());
      long to = from + Math.max(1, span / step) * step;
      return new Case(
              seed,
              new TimeRange(instant(random.nextInt(20) == 0 ? 0 : from), instant(to)),
              chosen == buckets.length ? null : buckets[chosen],
              zone)
          .withinYears();
    }

    // A period from 1970 on has too many hours to look at each.
    private Case withinYears() {
      Instant latest = period.from().plus(500, ChronoUnit.DAYS);
      return period.to().isBefore(latest)
          ? this
          : new Case(seed, new TimeRange(period.from(), latest), bucket, zone);
    }

    List<ReportSlice> slices() {
      List<ReportSlice> slices = new ArrayList<>();
      new ReportSlices(period, bucket, zone).forEachRemaining(slices::add);
      return slices;
    }
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
