package io.llmaccounting.internal.quota;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The reference: keeps every record and hold and adds them all up again for every question. Written
 * from the definitions of the windows, not from the engine.
 */
final class NaiveCounter {
  private record Record(long charged, long end, long amount) {}

  private record Held(Hold hold, long end) {}

  record Hold(UUID id, long admitted, long expires, long amount) {}

  private final List<Record> records = new ArrayList<>();
  private final List<Held> holds = new ArrayList<>();
  private final Limit limit;
  private final Duration longer;

  /** Counts by windows that are {@code longer} than the limit's. */
  NaiveCounter(Limit limit, Duration longer) {
    this.limit = limit;
    this.longer = longer;
  }

  void charge(long charged, long amount) {
    records.add(new Record(charged, end(charged), amount));
  }

  void hold(Hold hold) {
    holds.add(new Held(hold, end(hold.admitted())));
  }

  void release(Hold hold) {
    holds.removeIf(held -> held.hold().equals(hold));
  }

  long used(long at) {
    long sum = 0;
    for (Record record : records) {
      sum += record.charged() <= at && at < record.end() ? record.amount() : 0;
    }
    return sum;
  }

  long held(long at) {
    long sum = 0;
    for (Held held : holds) {
      Hold hold = held.hold();
      boolean counts = hold.admitted() <= at && at < Math.min(hold.expires(), held.end());
      sum += counts ? hold.amount() : 0;
    }
    return sum;
  }

  boolean fits(long amount, long at) {
    return limit.maximum() > 0 && used(at) + held(at) + amount <= limit.maximum();
  }

  /** The first instant from {@code now} on at which the amount fits, or never. */
  long fitsAt(long amount, long now) {
    if (fits(amount, now)) {
      return now;
    }
    TreeSet<Long> moments = new TreeSet<>();
    records.forEach(record -> moments.add(record.end()));
    holds.forEach(
        held -> {
          moments.add(held.hold().expires());
          moments.add(held.end());
        });
    for (long moment : moments.tailSet(now, false)) {
      if (moment != Leaving.NEVER && fits(amount, moment)) {
        return moment;
      }
    }
    return Leaving.NEVER;
  }

  private long end(long charged) {
    Instant start = Leaving.toInstant(charged);
    Window window = limit.window();
    if (window instanceof Window.Rolling rolling) {
      return Leaving.toMicros(start.plus(rolling.length()).plus(longer));
    }
    if (window instanceof Window.RollingMonths months) {
      return Leaving.toMicros(
          start.atZone(ZoneOffset.UTC).plusMonths(months.months()).toInstant().plus(longer));
    }
    if (window instanceof Window.Calendar calendar) {
      return Leaving.toMicros(calendar.at(start).to());
    }
    return Leaving.NEVER;
  }
}
