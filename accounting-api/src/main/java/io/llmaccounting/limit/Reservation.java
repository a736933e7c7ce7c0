package io.llmaccounting.limit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a reserve.
 *
 * @param decision admitted or denied
 * @param held the hold, null exactly when denied
 */
public record Reservation(Decision decision, @Nullable HeldCall held) {
  /** Checks that a hold is there exactly where the call was admitted. */
  public Reservation {
    if (decision.isAdmitted() != (held != null)) {
      throw new IllegalArgumentException(
          "held must be given exactly for an admitted call, was %s for %s"
              .formatted(held, decision));
    }
  }

  /** The hold; empty when denied. */
  public Optional<HeldCall> hold() {
    return Optional.ofNullable(held);
  }
}
