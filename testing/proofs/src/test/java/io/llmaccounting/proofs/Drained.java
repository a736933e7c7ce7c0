package io.llmaccounting.proofs;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.health.Health;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits until everything in a spool is booked. */
final class Drained {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private Drained() {}

  static Health wait(LlmAccounting accounting) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Health health = accounting.health();
    while (!health.isWell()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "the spool was not brought back within " + PATIENCE + ": " + health);
      }
      LockSupport.parkNanos(5_000_000);
      health = accounting.health();
    }
    return health;
  }
}
