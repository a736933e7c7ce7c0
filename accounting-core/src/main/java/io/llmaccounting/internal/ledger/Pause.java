package io.llmaccounting.internal.ledger;

import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/** Pauses between tries that grow up to a bound, and differ by chance. Confined to one thread. */
public final class Pause {
  private static final long FIRST_NANOS = 5_000_000;
  private static final long LONGEST_NANOS = 500_000_000;

  private final RandomGenerator random;
  private final LongConsumer sleeper;
  private long next = FIRST_NANOS;

  /** Begins with the shortest; {@code sleeper} waits so many nanoseconds. */
  public Pause(RandomGenerator random, LongConsumer sleeper) {
    this.random = random;
    this.sleeper = sleeper;
  }

  void take() {
    sleeper.accept(next / 2 + random.nextLong(next));
    next = Math.min(LONGEST_NANOS, next * 2);
  }
}
