package io.llmaccounting.internal.ledger;

import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageConflictException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record: a receipt, or a conflict with another call.
 *
 * @param receipt the receipt, null for a conflict
 * @param conflict the conflict, null for a receipt
 * @param twin the record that had its id or key already, null where it is new
 */
public record Booked(
    @Nullable Receipt receipt,
    @Nullable UsageConflictException conflict,
    @Nullable RecordedUsage twin) {
  /** The receipt, or the conflict thrown. */
  public Receipt orThrow() {
    if (conflict != null) {
      throw conflict;
    }
    if (receipt == null) {
      throw new IllegalStateException("neither receipt nor conflict");
    }
    return receipt;
  }
}
