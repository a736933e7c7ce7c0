package io.llmaccounting.sqlite;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Reports by chance on {@link GeneratedCalls}. */
final class GeneratedReports {
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "+00:19:32");

  private GeneratedReports() {}

  /**
   * A report on calls of {@code data}; one in four needs records, and asks for a shorter period.
   */
  static ReportQuery query(Random random, TimeRange data) {
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
        period(random, data, ofRollups),
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

  private static TimeRange period(Random random, TimeRange data, boolean isLong) {
    if (isLong && random.nextInt(4) == 0) {
      return data;
    }
    long length = Duration.between(data.from(), data.to()).toMillis() * 1_000;
    Instant from = data.from().plus(random.nextLong(length), ChronoUnit.MICROS);
    Instant to = from.plus(1 + random.nextLong(isLong ? length : length / 7), ChronoUnit.MICROS);
    return random.nextBoolean()
        ? new TimeRange(from, to)
        : new TimeRange(
            from.truncatedTo(ChronoUnit.DAYS),
            to.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)));
  }
}
