package io.llmaccounting.internal.recording;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.health.Health;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.Buffering.WhenFull;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.Plural;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Takes a record into memory, where a flusher fetches it; from the end of the process on, the
 * durable way. Safe for use by many threads.
 */
public final class BufferedIntake implements Intake {
  private final Flusher flusher;
  private final WhenFull whenFull;
  private final Duration timeout;
  private final Meters meters;
  private final DurableIntake durable;
  private volatile boolean isEnding;

  /**
   * Hands records to {@code flusher}.
   *
   * @param whenFull what happens to a record that finds the buffer full
   * @param timeout how long a record waits for room, and a flush for its end
   * @param durable takes the records that memory does not
   */
  public BufferedIntake(
      Flusher flusher, WhenFull whenFull, Duration timeout, Meters meters, DurableIntake durable) {
    this.flusher = flusher;
    this.whenFull = whenFull;
    this.timeout = timeout;
    this.meters = meters;
    this.durable = durable;
  }

  @Override
  public CompletableFuture<Receipt> take(Way way, PendingRecord pending) {
    boolean blocks = whenFull == WhenFull.BLOCK;
    if (isEnding) {
      return durable.take(way, pending);
    }
    try {
      if (flusher.offer(pending, blocks && way.waits() ? timeout : Duration.ZERO)) {
        return CompletableFuture.completedFuture(pending.receipt(Receipt.Status.BUFFERED));
      }
    } catch (BackendException closed) {
      if (isEnding) {
        return durable.take(way, pending);
      }
      throw closed;
    }
    if (blocks && !way.waits()) {
      // a caller that must not wait for room is served by the store instead
      return durable.book(way, pending);
    }
    if (whenFull == WhenFull.SPOOL) {
      return durable.spool(way, pending);
    }
    meters.count(Meters.Count.REJECTED);
    Health.Buffer fill = flusher.fill();
    throw new BackendException(
        BackendException.Kind.UNAVAILABLE,
        "the buffer is full: %d of %d records, %d of %d bytes; usage of call %s was not accepted, record it again under the same id"
            .formatted(
                fill.records(),
                fill.mostRecords(),
                fill.bytes(),
                fill.mostBytes(),
                pending.usage().id()));
  }

  @Override
  public List<RecordOutcome> bookNow(List<PendingRecord> records, OldUsage old) {
    return durable.bookNow(records, old);
  }

  @Override
  public void flush() {
    if (!flusher.flush(timeout)) {
      if (flusher.hasEnded()) {
        throw new BackendException(
            BackendException.Kind.CLOSED,
            "accounting was closed before all records in memory were stored; the error handler was"
                + " told which are lost");
      }
      long left = flusher.fill().records();
      // the last may be stored a moment after the timeout
      if (left > 0) {
        throw new BackendException(
            BackendException.Kind.UNAVAILABLE,
            "%s not stored from memory after %s; that is tried again"
                .formatted(Plural.of(left, "record"), timeout));
      }
    }
  }

  @Override
  public void end(Duration patience) {
    isEnding = true;
    flusher.close(patience);
  }

  @Override
  public void close(Duration deadline) {
    flusher.close(deadline);
  }

  @Override
  public Health.Buffer buffer() {
    return flusher.fill();
  }

  @Override
  public Health.Spool spool() {
    return durable.spool();
  }
}
