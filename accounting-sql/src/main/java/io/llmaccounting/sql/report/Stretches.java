package io.llmaccounting.sql.report;

import io.llmaccounting.usage.Period;
import io.llmaccounting.usage.TimeBucket;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a period into stretches that follow one another: whole UTC days where a bucket has some,
 * quarter hours beside them, ragged ends. Confined to one thread.
 */
final class Stretches {
  private final Consumer<Stretch> reader;
  private @Nullable Stretch pending;

  private Stretches(Consumer<Stretch> reader) {
    this.reader = reader;
  }

  /** Hands over the stretches of {@code period} in order of time. */
  static void cut(
      Period period, @Nullable TimeBucket bucket, ZoneId zone, Consumer<Stretch> reader) {
    Stretches stretches = new Stretches(reader);
    Instant start = period.from();
    while (start.isBefore(period.to())) {
      Instant end = end(start, period, bucket, zone);
      stretches.cutBucket(micros(start), micros(end));
      start = end;
    }
    stretches.flush();
  }

  private static Instant end(
      Instant start, Period period, @Nullable TimeBucket bucket, ZoneId zone) {
    if (bucket == null) {
      return period.to();
    }
    Instant end = bucket.of(start, zone).to();
    return end.isBefore(period.to()) ? end : period.to();
  }

  private void cutBucket(long from, long to) {
    long firstQuarter = Grain.QUARTER_HOUR.ceiling(from);
    long lastQuarter = Grain.QUARTER_HOUR.floor(to);
    if (firstQuarter >= lastQuarter) {
      add(null, from, to);
      return;
    }
    add(null, from, firstQuarter);
    cutQuarters(firstQuarter, lastQuarter);
    add(null, lastQuarter, to);
  }

  private void cutQuarters(long from, long to) {
    long firstDay = Grain.DAY.ceiling(from);
    long lastDay = Grain.DAY.floor(to);
    if (firstDay >= lastDay) {
      add(Grain.QUARTER_HOUR, from, to);
      return;
    }
    add(Grain.QUARTER_HOUR, from, firstDay);
    add(Grain.DAY, firstDay, lastDay);
    add(Grain.QUARTER_HOUR, lastDay, to);
  }

  private void add(@Nullable Grain grain, long from, long to) {
    if (from == to) {
      return;
    }
    Stretch next = new Stretch(grain, from, to);
    if (pending != null && pending.isContinuedBy(next)) {
      pending = new Stretch(grain, pending.from(), to);
      return;
    }
    flush();
    pending = next;
  }

  private void flush() {
    if (pending != null) {
      reader.accept(pending);
      pending = null;
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
