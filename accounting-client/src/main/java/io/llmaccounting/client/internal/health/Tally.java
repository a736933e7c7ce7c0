package io.llmaccounting.client.internal.health;

import io.llmaccounting.health.Health;
import io.llmaccounting.limit.Receipt;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what happens. Safe for use by many threads. */
public final class Tally {
  private static final int MOST_UNREAD = 100;

  private final InstantSource clock;
  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
  private final Map<String, LongAdder> unread = new ConcurrentHashMap<>();
  private volatile Health.@Nullable Failure last;

  /** What is counted. */
  public enum Count {
    /** Records that the server has taken. */
    RECORDED,
    /** Records that it had already. */
    DUPLICATES,
    /** Records whose figures were replaced by better ones. */
    SUPERSEDED,
    /** Records whose id or key another call has. */
    CONFLICTS,
    /** Records without a cost. */
    UNPRICED,
    /** Records with tokens that nobody reported. */
    ESTIMATED,
    /** Calls refused. */
    DENIED,
    /** Records written to the spool. */
    SPOOLED,
    /** Records brought from the spool to the server. */
    REPLAYED,
    /** Records of the spool that the server refused. */
    DEAD_LETTERED,
    /** Records refused to their callers. */
    REJECTED,
    /** Records that are kept nowhere. */
    LOST,
    /** Failures that were kept from the application. */
    CONTAINED
  }

  /** Times failures by {@code clock}. */
  public Tally(InstantSource clock) {
    this.clock = clock;
    for (Count count : Count.values()) {
      counts.put(count, new LongAdder());
    }
  }

  /** Counts one more. */
  public void count(Count what) {
    add(what, 1);
  }

  /** Counts so many more. */
  public void add(Count what, long more) {
    Objects.requireNonNull(counts.get(what)).add(more);
  }

  /** Counts what became of a record. */
  public void count(Receipt receipt) {
    switch (receipt.status()) {
      case RECORDED, BUFFERED, SPOOLED -> count(Count.RECORDED);
      case DUPLICATE -> count(Count.DUPLICATES);
      case SUPERSEDED -> count(Count.SUPERSEDED);
      case NOT_RECORDED -> {}
    }
    if (receipt.status() == Receipt.Status.RECORDED && receipt.cost().isEmpty()) {
      count(Count.UNPRICED);
    }
  }

  /** Counts keys of an answer that were not understood. */
  public void unread(List<String> keys) {
    for (String key : keys) {
      String name = unread.containsKey(key) || unread.size() < MOST_UNREAD ? key : "(other)";
      unread.computeIfAbsent(name, unseen -> new LongAdder()).increment();
    }
  }

  /** Counts a failure that was kept from the application. */
  public void contained(String consequence, Throwable error) {
    count(Count.CONTAINED);
    last = new Health.Failure(clock.instant(), consequence, String.valueOf(error));
  }

  /** The latest failure, or null. */
  public Health.@Nullable Failure last() {
    return last;
  }

  /** Keys that were not understood, each with how many answers had it. */
  public Map<String, Long> unread() {
    return unread.entrySet().stream()
        .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, e -> e.getValue().sum()));
  }

  private long of(Count what) {
    return Objects.requireNonNull(counts.get(what)).sum();
  }

  /** All counts; those that only the server knows are 0. */
  public Health.Counts counts() {
    return new Health.Counts(
        of(Count.RECORDED),
        of(Count.DUPLICATES),
        of(Count.SUPERSEDED),
        of(Count.CONFLICTS),
        0,
        of(Count.UNPRICED),
        of(Count.ESTIMATED),
        of(Count.DENIED),
        0,
        of(Count.SPOOLED),
        of(Count.REPLAYED),
        of(Count.DEAD_LETTERED),
        of(Count.REJECTED),
        of(Count.LOST),
        of(Count.CONTAINED),
        0,
        0);
  }
}
