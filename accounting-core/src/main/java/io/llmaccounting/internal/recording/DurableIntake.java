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
import io.llmaccounting.internal.spool.Overflow;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.OldUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Takes a record into the ledger, or where that is away into the overflow: it is durable once its
 * stage is completed. Safe for use by many threads.
 */
public final class DurableIntake implements Intake {
  private static final Health.Buffer NO_BUFFER = new Health.Buffer(0, 0, 0, 0);

  private final GroupCommit commits;
  private final Breaker breaker;
  private final Meters meters;
  private final Overflow overflow;
  private final boolean overflowsAlways;
  private final UnderWay toOverflow = new UnderWay();

  /**
   * Takes records into the ledger by {@code commits}.
   *
   * @param overflowsAlways whether records go into the overflow although the ledger is there
   */
  public DurableIntake(
      GroupCommit commits,
      Breaker breaker,
      Meters meters,
      Overflow overflow,
      boolean overflowsAlways) {
    this.commits = commits;
    this.breaker = breaker;
    this.meters = meters;
    this.overflow = overflow;
    this.overflowsAlways = overflowsAlways && overflow.keeps();
  }

  @Override
  public CompletableFuture<Receipt> take(Way way, PendingRecord pending) {
    boolean away = breaker.isOpen();
    return overflowsAlways || (away && overflow.keeps())
        ? spool(way, pending, away)
        : book(way, pending);
  }

  /** Takes a record into the overflow if there is one, else as any other. */
  CompletableFuture<Receipt> spool(Way way, PendingRecord pending) {
    return overflow.keeps() ? spool(way, pending, breaker.isOpen()) : book(way, pending);
  }

  /** Takes a record into the ledger, and into the overflow only if the ledger fails. */
  CompletableFuture<Receipt> book(Way way, PendingRecord pending) {
    return overflow.keeps()
        ? toOverflow.count(() -> elseSpool(way, pending, book(way, pending, false)))
        : book(way, pending, true);
  }

  private CompletableFuture<Receipt> book(Way way, PendingRecord pending, boolean outlasts) {
    return book(way, List.of(pending), OldUsage.REFUSE, outlasts)
        .thenApply(outcomes -> outcomes.get(0).orThrow());
  }

  private CompletableFuture<Receipt> elseSpool(
      Way way, PendingRecord pending, CompletableFuture<Receipt> booked) {
    return booked.exceptionallyCompose(
        failure -> {
          BackendException away = OutageCheck.require(Stages.thrown(failure));
          return spool(way, pending, true)
              .whenComplete(
                  (unused, full) -> {
                    if (full != null) {
                      Stages.reason(full).addSuppressed(away);
                    }
                  });
        });
  }

  @Override
  public List<RecordOutcome> bookNow(List<PendingRecord> records, OldUsage old) {
    return Stages.join(book(commits.waiting(), records, old, true));
  }

  private CompletableFuture<List<RecordOutcome>> book(
      Way way, List<PendingRecord> records, OldUsage old, boolean outlasts) {
    return way.book(new RecordOperation(records, old, outlasts))
        .thenApply(
            outcomes -> {
              overflow.booked(records);
              outcomes.stream()
                  .filter(one -> one.tooOld() != null)
                  .forEach(one -> meters.count(Meters.Count.REJECTED));
              return outcomes;
            });
  }

  private CompletableFuture<Receipt> spool(Way way, PendingRecord pending, boolean inOutage) {
    return toOverflow.count(() -> spooled(way, pending, inOutage));
  }

  private CompletableFuture<Receipt> spooled(Way way, PendingRecord pending, boolean inOutage) {
    List<PendingRecord> one = List.of(pending);
    return way.writing(
            () -> {
              overflow.spool(one, inOutage);
              return true;
            },
            () -> overflow.begin(one, inOutage))
        .whenComplete(
            (written, failure) -> {
              if (failure != null && Stages.reason(failure) instanceof SpoolFullException) {
                meters.count(Meters.Count.REJECTED);
              }
            })
        .thenApply(written -> pending.receipt(Receipt.Status.SPOOLED));
  }

  /** Returns at once: memory keeps nothing. */
  @Override
  public void flush() {}

  /** Returns at once: every record is durable already. */
  @Override
  public void end(Duration patience) {}

  /** Returns at once, and goes on taking records: the ledger says when it is closed. */
  @Override
  public void close(Duration deadline) {}

  /**
   * Waits until what the ledger has not taken is in the overflow, at most for {@code most}: to be
   * called once the ledger has told all that wait for it, and before the overflow is closed.
   */
  public void awaitOverflow(Duration most) {
    toOverflow.await(most);
  }

  @Override
  public Health.Buffer buffer() {
    return NO_BUFFER;
  }

  @Override
  public Health.Spool spool() {
    return overflow.fill();
  }
}
