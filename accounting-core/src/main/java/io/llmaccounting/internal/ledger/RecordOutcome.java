package io.llmaccounting.internal.ledger;

import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.RecordedUsage;
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
 * @param twin the record that had its id or key already, null where there is none
 */
public record RecordOutcome(
    @Nullable Receipt receipt,
    @Nullable UsageConflictException conflict,
    @Nullable UsageTooOldException tooOld,
    @Nullable RecordedUsage twin) {
  static RecordOutcome fresh(Receipt receipt) {
    return new RecordOutcome(receipt, null, null, null);
  }

  static RecordOutcome superseding(Receipt receipt, RecordedUsage twin) {
    return new RecordOutcome(receipt, null, null, twin);
  }

  static RecordOutcome repeated(Receipt receipt, RecordedUsage twin) {
    return new RecordOutcome(receipt, null, null, twin);
  }

  static RecordOutcome conflicting(UsageConflictException conflict, RecordedUsage twin) {
    return new RecordOutcome(null, conflict, null, twin);
  }

  static RecordOutcome refused(UsageTooOldException tooOld) {
    return new RecordOutcome(null, null, tooOld, null);
  }

  /** Says why the record was not stored; null if it was. */
  public @Nullable RuntimeException refusal() {
    return conflict != null ? conflict : tooOld;
  }

  /** Returns the receipt, or throws the refusal. */
  public Receipt orThrow() {
    RuntimeException refusal = refusal();
    if (refusal != null) {
      throw refusal;
    }
    if (receipt == null) {
      throw new IllegalStateException("neither receipt nor refusal");
    }
    return receipt;
  }
}
