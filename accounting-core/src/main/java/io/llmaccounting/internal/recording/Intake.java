package io.llmaccounting.internal.recording;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.health.Health;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.OutageCheck;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.spool.Spooling;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.Buffering.WhenFull;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.Plural;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the way of a record: into memory, into the spool, or into the ledger, and into the spool
 * where the ledger is away. Safe for use by many threads.
 */
public final class Intake {
  private static final Health.Buffer NO_BUFFER = new Health.Buffer(0, 0, 0, 0);
  private static final Health.Spool NO_SPOOL = new Health.Spool(0, 0, 0, 0, null);

  private final Parts parts;
  private volatile boolean isEnding;

  /**
   * What an intake works with.
   *
   * @param flusher null in durable recording
   * @param whenFull what happens to a record that finds the buffer full
   * @param spooling null where there is no spool
   * @param spoolsAlways whether records go to the spool although the ledger is there
   */
  public record Parts(
      GroupCommit commits,
      Breaker breaker,
      Meters meters,
      Duration timeout,
      @Nullable Flusher flusher,
      WhenFull whenFull,
      @Nullable Spooling spooling,
      boolean spoolsAlways) {}

  /** Sends records to these parts. */
  public Intake(Parts parts) {
    this.parts = parts;
  }

  /** Takes a record. */
  public CompletableFuture<Receipt> take(Way way, PendingRecord pending) {
    Flusher flusher = parts.flusher();
    if (flusher != null && !isEnding) {
      return buffer(way, pending, flusher);
    }
    if (parts.spooling() != null && (parts.spoolsAlways() || parts.breaker().isOpen())) {
      return spool(way, pending, parts.spooling(), parts.breaker().isOpen());
    }
    return book(way, pending);
  }

  private CompletableFuture<Receipt> buffer(Way way, PendingRecord pending, Flusher flusher) {
    boolean blocks = parts.whenFull() == WhenFull.BLOCK;
    if (flusher.offer(pending, blocks && way.waits() ? parts.timeout() : Duration.ZERO)) {
      return CompletableFuture.completedFuture(receipt(pending, Receipt.Status.BUFFERED));
    }
    if (blocks && !way.waits()) {
      // a caller that must not wait for room is served by the store instead
      return book(way, pending);
    }
    if (parts.whenFull() == WhenFull.SPOOL && parts.spooling() != null) {
      return spool(way, pending, parts.spooling(), parts.breaker().isOpen());
    }
    parts.meters().count(Meters.Count.REJECTED);
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

  private CompletableFuture<Receipt> book(Way way, PendingRecord pending) {
    Spooling spooling = parts.spooling();
    CompletableFuture<Receipt> booked =
        book(way, List.of(pending), OldUsage.REFUSE, spooling == null)
            .thenApply(outcomes -> outcomes.get(0).orThrow());
    return spooling == null ? booked : elseSpool(way, pending, booked, spooling);
  }

  private CompletableFuture<Receipt> elseSpool(
      Way way, PendingRecord pending, CompletableFuture<Receipt> booked, Spooling spooling) {
    return booked.exceptionallyCompose(
        failure -> {
          BackendException away = OutageCheck.require(Stages.thrown(failure));
          return spool(way, pending, spooling, true)
              .whenComplete(
                  (unused, full) -> {
                    if (full != null) {
                      Stages.reason(full).addSuppressed(away);
                    }
                  });
        });
  }

  /**
   * Books records in the ledger, whatever way other records go; waits for a ledger that is away.
   */
  public List<RecordOutcome> bookNow(List<PendingRecord> records, OldUsage old) {
    return Stages.join(book(parts.commits().waiting(), records, old, true));
  }

  private CompletableFuture<List<RecordOutcome>> book(
      Way way, List<PendingRecord> records, OldUsage old, boolean outlasts) {
    CompletableFuture<List<RecordOutcome>> booked =
        way.book(new RecordOperation(records, old, outlasts));
    Spooling spooling = parts.spooling();
    return booked.thenApply(
        outcomes -> {
          if (spooling != null) {
            spooling.booked(records);
          }
          outcomes.stream()
              .filter(one -> one.tooOld() != null)
              .forEach(one -> parts.meters().count(Meters.Count.REJECTED));
          return outcomes;
        });
  }

  private CompletableFuture<Receipt> spool(
      Way way, PendingRecord pending, Spooling spooling, boolean inOutage) {
    return way.writing(
        () -> {
          try {
            spooling.spool(List.of(pending), inOutage);
          } catch (SpoolFullException e) {
            parts.meters().count(Meters.Count.REJECTED);
            throw e;
          }
          return receipt(pending, Receipt.Status.SPOOLED);
        });
  }

  private static Receipt receipt(PendingRecord pending, Receipt.Status status) {
    return new Receipt(
        pending.usage().id(), pending.usage().cost().orElse(null), status, List.of());
  }

  /**
   * Waits until every record that memory has accepted is stored or spooled.
   *
   * @throws BackendException of kind UNAVAILABLE if that takes longer than the timeout
   */
  public void flush() {
    if (parts.flusher() != null && !parts.flusher().flush(parts.timeout())) {
      throw new BackendException(
          BackendException.Kind.UNAVAILABLE,
          "%s not stored from memory after %s; that is tried again"
              .formatted(Plural.of(parts.flusher().fill().records(), "record"), parts.timeout()));
    }
  }

  /**
   * Prepares for the end of the process: stores the records that memory has accepted, and from now
   * on every record as durably as if there were no buffer.
   *
   * @return false if that took longer than {@code patience}
   */
  public boolean end(Duration patience) {
    isEnding = true;
    Flusher flusher = parts.flusher();
    if (flusher == null) {
      return true;
    }
    // flushed again, for records that were on their way into memory
    long last = System.nanoTime() + patience.toNanos();
    while (flusher.fill().records() > 0) {
      if (!flusher.flush(Duration.ofNanos(last - System.nanoTime()))) {
        return false;
      }
    }
    return true;
  }

  /** Tells of what memory keeps at the end of the process. */
  public BackendException unstored(Duration patience) {
    long waiting = buffer().records();
    return new BackendException(
        BackendException.Kind.UNAVAILABLE,
        "%s in memory %s not stored within %s of the end of the process"
            .formatted(
                Plural.of(waiting, "record"), Plural.verb(waiting, "was", "were"), patience));
  }

  /** How full the buffer is. */
  public Health.Buffer buffer() {
    return parts.flusher() == null ? NO_BUFFER : parts.flusher().fill();
  }

  /** Says how full the spool is. */
  public Health.Spool spool() {
    return parts.spooling() == null ? NO_SPOOL : parts.spooling().fill();
  }
}
