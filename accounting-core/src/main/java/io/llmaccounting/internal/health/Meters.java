package io.llmaccounting.internal.health;

import io.llmaccounting.health.Health;
import io.llmaccounting.usage.ReportRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what happens. Counting costs nanoseconds. Safe for use by many threads. */
public final class Meters {
  private static final int MOST_UNREAD = 100;

  private final InstantSource clock;
  private volatile Instant lastKnown = Instant.EPOCH;
  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
  private final Histogram batchSizes = new Histogram();
  private final Histogram commitMicros = new Histogram();
  private final Map<String, LongAdder> unread = new ConcurrentHashMap<>();
  private volatile Health.@Nullable Failure lastFailure;

  /** What is counted. */
  public enum Count {
    /** Records stored. */
    RECORDED,
    /** Records that were there already. */
    DUPLICATE,
    SUPERSEDED,
    /** Records whose id or key another call has. */
    CONFLICT,
    /** Records stored after their hold had expired. */
    LATE,
    /** Records stored without a cost. */
    UNPRICED,
    /** Records stored with an estimate of their tokens. */
    ESTIMATED,
    /** Calls refused. */
    DENIED,
    /** Holds found expired. */
    EXPIRED,
    /** Records written to the spool. */
    SPOOLED,
    /** Records brought from the spool to the store. */
    REPLAYED,
    /** Records that the store refused, kept in the spool. */
    DEAD_LETTERED,
    /** Records refused to their callers, for want of room or as too old. */
    REJECTED,
    /** Records kept nowhere. */
    LOST,
    /** Denials counted under no subject of their own. */
    UNNAMED,
    /** Records with a name that is one too many on its day. */
    IN_OTHERS,
    /** Failures that were kept from the application. */
    CONTAINED
  }

  /** Begins with all counts at 0; {@code clock} stamps failures. */
  public Meters(InstantSource clock) {
    this.clock = clock;
    for (Count count : Count.values()) {
      counts.put(count, new LongAdder());
    }
  }

  private LongAdder adder(Count what) {
    return Objects.requireNonNull(counts.get(what), "everything is counted");
  }

  /** Counts one more. */
  public void count(Count what) {
    adder(what).increment();
  }

  /** Counts so many more. */
  public void count(Count what, long more) {
    adder(what).add(more);
  }

  /** How often this was counted. */
  public long of(Count what) {
    return adder(what).sum();
  }

  /** Counts keys in answers that nobody understood. */
  public void unread(List<String> keys) {
    for (String key : keys) {
      boolean named = unread.containsKey(key) || unread.size() < MOST_UNREAD;
      unread.computeIfAbsent(named ? key : ReportRow.OTHERS, any -> new LongAdder()).increment();
    }
  }

  /** How often each key was not understood. */
  public Map<String, Long> unread() {
    Map<String, Long> counts = new TreeMap<>();
    unread.forEach((key, count) -> counts.put(key, count.sum()));
    return counts;
  }

  /** Counts a transaction of so many operations that took so long. */
  public void committed(int operations, long nanos) {
    batchSizes.add(operations);
    commitMicros.add(nanos / 1_000);
  }

  /** Counts a failure with this consequence that was kept from the application. */
  public void contained(String consequence, Throwable error) {
    // in this order, so that a reader who sees the count sees the failure too
    lastFailure = new Health.Failure(now(), consequence, text(error));
    count(Count.CONTAINED);
  }

  // the caller's clock may fail here, and so may an exception of the caller's making
  private Instant now() {
    try {
      lastKnown = clock.instant();
    } catch (Throwable e) {
      return lastKnown;
    }
    return lastKnown;
  }

  private static String text(Throwable error) {
    try {
      return error.toString();
    } catch (Throwable e) {
      return error.getClass().getName();
    }
  }

  /** All counts. */
  public Health.Counts counts() {
    return new Health.Counts(
        of(Count.RECORDED),
        of(Count.DUPLICATE),
        of(Count.SUPERSEDED),
        of(Count.CONFLICT),
        of(Count.LATE),
        of(Count.UNPRICED),
        of(Count.ESTIMATED),
        of(Count.DENIED),
        of(Count.EXPIRED),
        of(Count.SPOOLED),
        of(Count.REPLAYED),
        of(Count.DEAD_LETTERED),
        of(Count.REJECTED),
        of(Count.LOST),
        of(Count.CONTAINED),
        of(Count.UNNAMED),
        of(Count.IN_OTHERS));
  }

  /** Sizes of batches. */
  public Health.Spread batchSizes() {
    return batchSizes.spread();
  }

  /** Durations of transactions. */
  public Health.Spread commitMicros() {
    return commitMicros.spread();
  }

  /** The latest failure, or null. */
  public Health.@Nullable Failure lastFailure() {
    return lastFailure;
  }
}
