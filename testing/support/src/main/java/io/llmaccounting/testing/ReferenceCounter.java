package io.llmaccounting.testing;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The reference: keeps every record and hold and adds them all up again for every question. Written
 * from the definitions of the windows, not from the engine.
 */
public final class ReferenceCounter {
  /** An instant that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  private record Charge(long charged, long end, long amount) {}

  private record Held(Hold hold, long end) {}

  /** A hold, instants in microseconds. */
  public record Hold(UUID id, long admitted, long expires, long amount) {}

  private final List<Charge> records = new ArrayList<>();
  private final List<Held> holds = new ArrayList<>();
  private final Limit limit;
  private final Duration longer;

  /** Counts by windows that are {@code longer} than the limit's. */
  public ReferenceCounter(Limit limit, Duration longer) {
    this.limit = limit;
    this.longer = longer;
  }

  /** The same counter, told another maximum. */
  public ReferenceCounter withMaximumOf(Limit changed) {
    ReferenceCounter same = new ReferenceCounter(changed, longer);
    same.records.addAll(records);
    same.holds.addAll(holds);
    return same;
  }

  /** The name of its limit. */
  public String limitName() {
    return limit.name();
  }

  public void charge(long charged, long amount) {
    records.add(new Charge(charged, end(charged), amount));
  }

  public void uncharge(long charged, long amount) {
    records.remove(new Charge(charged, end(charged), amount));
  }

  public void hold(Hold hold) {
    holds.add(new Held(hold, end(hold.admitted())));
  }

  public void release(Hold hold) {
    holds.removeIf(held -> held.hold().equals(hold));
  }

  public long used(long at) {
    long sum = 0;
    for (Charge charge : records) {
      sum += charge.charged() <= at && at < charge.end() ? charge.amount() : 0;
    }
    return sum;
  }

  public long held(long at) {
    long sum = 0;
    for (Held held : holds) {
      Hold hold = held.hold();
      boolean counts = hold.admitted() <= at && at < Math.min(hold.expires(), held.end());
      sum += counts ? hold.amount() : 0;
    }
    return sum;
  }

  public boolean fits(long amount, long at) {
    return limit.maximum() > 0 && used(at) + held(at) + amount <= limit.maximum();
  }

  /** The first instant from {@code now} on at which the amount fits, or never. */
  public long fitsAt(long amount, long now) {
    if (fits(amount, now)) {
      return now;
    }
    TreeSet<Long> moments = new TreeSet<>();
    records.forEach(charge -> moments.add(charge.end()));
    holds.forEach(
        held -> {
          moments.add(held.hold().expires());
          moments.add(held.end());
        });
    for (long moment : moments.tailSet(now, false)) {
      if (moment != NEVER && fits(amount, moment)) {
        return moment;
      }
    }
    return NEVER;
  }

  private long end(long charged) {
    Instant start = instant(charged);
    Window window = limit.window();
    if (window instanceof Window.Rolling rolling) {
      return micros(start.plus(rolling.length()).plus(longer));
    }
    if (window instanceof Window.RollingMonths months) {
      return micros(
          start.atZone(ZoneOffset.UTC).plusMonths(months.months()).toInstant().plus(longer));
    }
    if (window instanceof Window.Calendar calendar) {
      return micros(calendar.at(start).to());
    }
    return NEVER;
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
