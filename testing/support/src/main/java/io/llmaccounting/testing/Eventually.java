package io.llmaccounting.testing;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about. */
public final class Eventually {
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final long LOOK_AGAIN_NANOS = 1_000_000;

  private Eventually() {}

  /** Returns once {@code holds} does; fails if that takes 20 s. */
  public static void eventually(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("still not so after 20 s: " + what);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
