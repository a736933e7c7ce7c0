package io.llmaccounting.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an accounting fares, at one moment. Reading it costs microseconds and touches no store, so a
 * metrics bridge may do so every second. Counts begin at 0 with the accounting and only grow.
 *
 * @param at when it was read, by the caller's clock
 * @param store whether the store can be reached
 * @param counts what has happened since the start
 * @param buffer what waits in memory; all zero in durable recording
 * @param spool what waits on the local disk; all zero without a spool
 * @param batchSizes operations joined into one transaction
 * @param commitMicros how long transactions took, in microseconds
 * @param underWay calls that began in this process and have not ended; holds that were reserved
 *     without a call are not among them
 * @param unreadKeys keys in the usage of answers that look like tokens and were not understood,
 *     each with how many answers had it; at most about a hundred keys, the rest together as {@code
 *     (other)}
 * @param lastFailure the latest failure that no caller was told of by an exception, null if there
 *     was none; it stays here when all works again, so look at its time
 */
public record Health(
    Instant at,
    Store store,
    Counts counts,
    Buffer buffer,
    Spool spool,
    Spread batchSizes,
    Spread commitMicros,
    long underWay,
    Map<String, Long> unreadKeys,
    @Nullable Failure lastFailure) {

  /** Copies the map. */
  public Health {
    unreadKeys = Map.copyOf(unreadKeys);
  }

  /**
   * True if the store is reached and nothing that was recorded waits on the local disk. False while
   * the spool cannot tell what waits there.
   */
  public boolean isWell() {
    return store.breaker() == Breaker.CLOSED && spool.isCurrent() && spool.records() == 0;
  }

  /**
   * The latest failure that no caller was told of by an exception; empty if there was none. What
   * was thrown, as a conflict is, is the caller's to handle. It stays when all works again.
   */
  public Optional<Failure> failure() {
    return Optional.ofNullable(lastFailure);
  }

  /** Whether calls are sent to the store. */
  public enum Breaker {
    /** Calls are sent to the store. */
    CLOSED,
    /**
     * No calls are sent: the store failed too often in a row, and is tried again from time to time.
     */
    OPEN,
    /** The store is being tried just now. */
    HALF_OPEN
  }

  /**
   * Whether the store can be reached.
   *
   * @param breaker whether calls are sent to it
   * @param since since when the breaker is in this state
   * @param reason why the store cannot be reached, null while it can
   */
  public record Store(Breaker breaker, Instant since, @Nullable String reason) {}

  /**
   * What has happened since the start.
   *
   * @param recorded records stored
   * @param duplicates records that were there already
   * @param superseded records whose figures were replaced by better ones
   * @param conflicts records whose id or key another call has
   * @param late records stored after their hold had expired
   * @param unpriced records stored without a cost
   * @param estimated records stored with tokens that nobody reported: what text that was seen, or
   *     what the hold of a call tells
   * @param denied calls refused, those during an outage included
   * @param expired holds that were found expired; their calls are recorded as UNFINISHED
   * @param spooled records written to the spool
   * @param replayed records brought from the spool to the store
   * @param deadLettered records that the store refused, kept in the spool
   * @param rejected records refused to their callers because the buffer or the spool was full, or
   *     because they lie behind what was purged
   * @param lost records that were kept nowhere and handed to the error handler
   * @param contained failures that were kept from the application, those of listeners included
   * @param unnamed denials counted under {@link io.llmaccounting.limit.DenialCount#OTHERS}
   * @param inOthers records of which a name is counted under {@link
   *     io.llmaccounting.usage.ReportRow#OTHERS} in rollups, because its day has too many
   */
  public record Counts(
      long recorded,
      long duplicates,
      long superseded,
      long conflicts,
      long late,
      long unpriced,
      long estimated,
      long denied,
      long expired,
      long spooled,
      long replayed,
      long deadLettered,
      long rejected,
      long lost,
      long contained,
      long unnamed,
      long inOthers) {}

  /**
   * What waits in memory, records under way to the store included.
   *
   * @param records how many
   * @param bytes their size in memory, estimated
   * @param mostRecords how many may wait
   * @param mostBytes how large they may be together
   */
  public record Buffer(long records, long bytes, long mostRecords, long mostBytes) {}

  /**
   * What waits on the local disk.
   *
   * @param records how many
   * @param bytes their size on disk
   * @param mostBytes how large they may be together
   * @param deadLetters how many the store has refused
   * @param oldestAge how long the oldest has waited, null where none waits
   * @param isCurrent false while the spool cannot tell how full it is, as when its disk is away:
   *     the other figures are then what it told last, all 0 if it has never told
   */
  public record Spool(
      long records,
      long bytes,
      long mostBytes,
      long deadLetters,
      @Nullable Duration oldestAge,
      boolean isCurrent) {
    /** How long the oldest has waited; empty where none waits. */
    public Optional<Duration> oldest() {
      return Optional.ofNullable(oldestAge);
    }
  }

  /**
   * How figures are spread, each within an eighth of its value.
   *
   * @param count how many there were
   * @param sum all of them added up, exactly
   * @param p50 half of the figures are at most this, 0 where there are none
   * @param p95 95 of 100 figures are at most this
   * @param p99 99 of 100 figures are at most this
   * @param largest the largest figure, exactly
   */
  public record Spread(long count, long sum, long p50, long p95, long p99, long largest) {}

  /**
   * Something that went wrong.
   *
   * @param at when, by the caller's clock
   * @param consequence what it meant
   * @param error what was thrown, as text
   */
  public record Failure(Instant at, String consequence, String error) {}
}
