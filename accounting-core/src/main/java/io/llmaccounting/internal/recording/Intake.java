package io.llmaccounting.internal.recording;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.health.Health;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.OldUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes records, each kind in its own way. Safe for use by many threads. */
public interface Intake {
  /** Takes a record. */
  CompletableFuture<Receipt> take(Way way, PendingRecord pending);

  /**
   * Books records in the ledger, whatever way other records go; waits for a ledger that is away.
   */
  List<RecordOutcome> bookNow(List<PendingRecord> records, OldUsage old);

  /**
   * Waits until every record that memory has accepted is stored or spooled.
   *
   * @throws BackendException of kind UNAVAILABLE if that takes longer than the timeout, of kind
   *     CLOSED if some were given up because this was closed
   */
  void flush();

  /**
   * Prepares for the end of the process: stores the records that memory has accepted, in the spool
   * where that takes longer than {@code patience}, and from now on every record as durably as if
   * there were no buffer.
   *
   * @throws UsageLostException if it took longer and there is no spool to take the rest
   */
  void end(Duration patience);

  /**
   * Stores the records that memory has accepted, at most for {@code deadline}; memory accepts no
   * more. Closing again does nothing.
   *
   * @throws UsageLostException if it took longer and there is no spool to take the rest
   */
  void close(Duration deadline);

  /** How full the buffer is. */
  Health.Buffer buffer();

  /** Says how full the spool is. */
  Health.Spool spool();
}
