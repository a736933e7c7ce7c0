package io.llmaccounting.internal.ledger;

import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageTooOldException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record: a receipt, a conflict with another call, or nothing because it is too
 * old to tell. One of the three is not null.
 *
 * @param receipt the receipt, or null
 * @param conflict the conflict, or null
 * @param tooOld why it was not stored, or null
 */
public record Booked(
    @Nullable Receipt receipt,
    @Nullable UsageConflictException conflict,
    @Nullable UsageTooOldException tooOld) {
  static Booked of(Receipt receipt) {
    return new Booked(receipt, null, null);
  }

  static Booked of(UsageConflictException conflict) {
    return new Booked(null, conflict, null);
  }

  static Booked of(UsageTooOldException tooOld) {
    return new Booked(null, null, tooOld);
  }

  /** The receipt, or what was refused thrown. */
  public Receipt orThrow() {
    if (conflict != null) {
      throw conflict;
    }
    if (tooOld != null) {
      throw tooOld;
    }
    if (receipt == null) {
      throw new IllegalStateException("neither receipt nor refusal");
    }
    return receipt;
  }
}
