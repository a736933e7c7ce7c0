package io.llmaccounting.recording;

import java.time.Duration;
import java.util.Objects;

/**
 * How records wait in memory, where the accounting was built to buffer. Immutable.
 *
 * @param mostRecords how many may wait, those on their way to the store included; 1 to 10,000,000
 * @param mostBytes how large they may be together in memory, estimated; at least 10,000
 * @param flushRecords how many are sent at once, 1 to 1,000
 * @param flushAge the longest that a record waits before it is sent, 1 ms to 1 min
 * @param whenFull what happens to a record that finds no room
 */
public record Buffering(
    int mostRecords, long mostBytes, int flushRecords, Duration flushAge, WhenFull whenFull) {

  /** 100,000 records or 64 MB, sent 1,000 at once or after 200 ms; callers wait for room. */
  public static final Buffering DEFAULTS =
      new Buffering(100_000, 64_000_000, 1_000, Duration.ofMillis(200), WhenFull.BLOCK);

  /** What happens to a record that finds no room. */
  public enum WhenFull {
    /**
     * The caller waits for room, at most for the accounting's timeout; then the record is refused.
     */
    BLOCK,
    /** The record goes to the spool, durable. */
    SPOOL,
    /** The record is refused at once. */
    REJECT
  }

  /** Checks the ranges. */
  public Buffering {
    range("mostRecords", mostRecords, 1, 10_000_000);
    range("mostBytes", mostBytes, 10_000, Long.MAX_VALUE);
    range("flushRecords", flushRecords, 1, 1_000);
    range("flushAge in milliseconds", flushAge.toMillis(), 1, 60_000);
    Objects.requireNonNull(whenFull, "whenFull is required, was null");
  }

  private static void range(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be from %d to %d, was %d".formatted(field, least, most, value));
    }
  }

  /** Returns a copy with room for so many records. */
  public Buffering mostRecords(int records) {
    return new Buffering(records, mostBytes, flushRecords, flushAge, whenFull);
  }

  /** Returns a copy with room for so many bytes. */
  public Buffering mostBytes(long bytes) {
    return new Buffering(mostRecords, bytes, flushRecords, flushAge, whenFull);
  }

  /**
   * Returns a copy that sends so many records at once, and each record at the latest after {@code
   * age}.
   */
  public Buffering flushAt(int records, Duration age) {
    return new Buffering(mostRecords, mostBytes, records, age, whenFull);
  }

  /** Returns a copy with this answer to a record that finds no room. */
  public Buffering whenFull(WhenFull policy) {
    return new Buffering(mostRecords, mostBytes, flushRecords, flushAge, policy);
  }
}
