package io.llmaccounting;

import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageTooOldException;
import java.util.List;

/**
 * What became of many records.
 *
 * @param recorded how many are new
 * @param duplicates how many were there already and changed nothing
 * @param superseded how many were there with poorer figures, which these replaced
 * @param conflicts records whose id or key another call has; at most the first 1,000
 * @param conflictCount how many conflicts there were
 * @param tooOld records that lie behind the purge horizon; at most the first 1,000
 * @param tooOldCount how many were too old
 */
public record BulkReceipt(
    long recorded,
    long duplicates,
    long superseded,
    List<UsageConflictException> conflicts,
    long conflictCount,
    List<UsageTooOldException> tooOld,
    long tooOldCount) {
  /** Copies the lists. */
  public BulkReceipt {
    conflicts = List.copyOf(conflicts);
    tooOld = List.copyOf(tooOld);
  }
}
