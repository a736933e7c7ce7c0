package io.llmaccounting.internal.recording;

import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.ledger.PendingRecord;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counts and tells what became of records that waited in memory. Safe for use by many threads. */
public final class FlushReport {
  private static final int NAMED = 100;

  private final Failures failures;
  private final Meters meters;

  /** Tells {@code failures}, and counts in {@code meters}. */
  public FlushReport(Failures failures, Meters meters) {
    this.failures = failures;
    this.meters = meters;
  }

  /** The flusher's thread broke off and goes on. */
  void brokeOff(RuntimeException error) {
    failures.brokeOff(error);
  }

  /** Records wait for the next try. */
  void waits(RuntimeException error) {
    failures.contain(Failures.Consequence.FLUSH_WAITS, error);
  }

  /** Records are stored, or kept in the spool. */
  void kept() {
    failures.worked(Failures.Consequence.FLUSH_WAITS);
    failures.worked(Failures.Consequence.NOT_FLUSHED);
  }

  /** A record is stored, but a limit or an earlier record refuses what it says. */
  void refused(RuntimeException refusal) {
    failures.contain(Failures.Consequence.REFUSED_LATER, refusal);
  }

  /** All records of a batch were taken as they are. */
  void allTaken() {
    failures.worked(Failures.Consequence.REFUSED_LATER);
  }

  /** Records are given up, because of {@code error}. */
  void lost(List<PendingRecord> records, RuntimeException error) {
    failures.contain(
        Failures.Consequence.NOT_FLUSHED, lost("the store refused it", records, error));
  }

  /** Counts records that are given up, and returns what is to be thrown. */
  UsageLostException lost(
      String why, List<PendingRecord> records, @Nullable RuntimeException error) {
    meters.count(Meters.Count.LOST, records.size());
    List<UUID> ids = records.stream().limit(NAMED).map(one -> one.usage().id()).toList();
    return new UsageLostException(why, records.size(), ids, error);
  }
}
