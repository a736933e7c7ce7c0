package io.llmaccounting.backend;

import io.llmaccounting.usage.Usage;
import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Objects;

/**
 * A call that was recorded while the database was away: all that is needed to book it later as it
 * would have been booked then.
 *
 * @param usage the record, priced, defaults filled in
 * @param settlesHold whether it settles the hold that has the record's id
 * @param timeIsGiven whether the caller said when the call was made; if not, a repetition may carry
 *     another time
 * @param recordedAt when it was recorded, by the caller's clock, microsecond precision
 */
public record SpooledCall(
    Usage usage, boolean settlesHold, boolean timeIsGiven, Instant recordedAt) {
  /** Checks the components. */
  public SpooledCall {
    Objects.requireNonNull(usage, "usage is required, was null");
    recordedAt = Check.instant("recordedAt", recordedAt);
  }
}
