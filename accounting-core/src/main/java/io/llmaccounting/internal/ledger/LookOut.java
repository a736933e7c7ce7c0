package io.llmaccounting.internal.ledger;

import java.time.Duration;
import java.time.Instant;

/**
 * Says which transactions look for expired holds: one a second by the ledger's clock, and the next
 * at once where there may be more. Confined to the group commit's thread.
 */
final class LookOut {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private Instant next = Instant.EPOCH;

  /** From when on the next transaction looks for expired holds. */
  Instant next() {
    return next;
  }

  /** Notes that a transaction ran at {@code now}, and looked for expired holds if it was time. */
  void passed(Instant now, boolean mayBeMore) {
    boolean looked = !now.isBefore(next);
    boolean steppedBack = now.isBefore(next.minus(PAUSE));
    if (mayBeMore) {
      next = now;
    } else if (looked || steppedBack) {
      next = now.plus(PAUSE);
    }
  }
}
