package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Micros;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a period into slices that follow one another: whole UTC days where a bucket has some,
 * quarter hours beside them, ragged ends. Confined to one thread.
 */
final class ReportSlices implements Iterator<ReportSlice> {
  private final TimeRange period;
  private final @Nullable TimeBucket bucket;
  private final ZoneId zone;
  private final Deque<ReportSlice> ready = new ArrayDeque<>();
  private Instant reached;

  ReportSlices(TimeRange period, @Nullable TimeBucket bucket, ZoneId zone) {
    this.period = period;
    this.bucket = bucket;
    this.zone = zone;
    this.reached = period.from();
  }

  @Override
  public boolean hasNext() {
    return !ready.isEmpty() || reached.isBefore(period.to());
  }

  @Override
  public ReportSlice next() {
    // The last one may still grow.
    while (ready.size() < 2 && reached.isBefore(period.to())) {
      Instant end = endOfBucket();
      cutBucket(Micros.of(reached), Micros.of(end));
      reached = end;
    }
    return ready.remove();
  }

  private Instant endOfBucket() {
    if (bucket == null) {
      return period.to();
    }
    Instant end = bucket.of(reached, zone).to();
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
    ReportSlice next = new ReportSlice(grain, from, to);
    ReportSlice last = ready.peekLast();
    if (last != null && last.isContinuedBy(next)) {
      ready.removeLast();
      next = new ReportSlice(grain, last.from(), to);
    }
    ready.addLast(next);
  }
}
