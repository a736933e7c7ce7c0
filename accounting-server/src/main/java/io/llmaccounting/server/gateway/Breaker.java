package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.BreakerSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Leaves an upstream alone that fails again and again. After the pause one request tries it, while
 * the others are still turned away. Safe for use by many threads.
 */
final class Breaker {
  private static final long CLOSED = Long.MIN_VALUE;

  private final BreakerSettings settings;
  private final LongSupplier nanos;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong opensAt = new AtomicLong(CLOSED);

  /** A closed one; {@code nanos} is a clock like {@link System#nanoTime}. */
  Breaker(BreakerSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
  }

  /** Whether a request may be sent; who is let through while it is open must tell how that went. */
  boolean admits() {
    long until = opensAt.get();
    long now = nanos.getAsLong();
    return until == CLOSED
        || (now - until >= 0 && opensAt.compareAndSet(until, now + settings.pause().toNanos()));
  }

  /** How long it stays open; zero if it is closed. */
  Duration remaining() {
    long until = opensAt.get();
    return until == CLOSED
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, until - nanos.getAsLong()));
  }

  /** The upstream answered, whatever it said. */
  void worked() {
    failures.set(0);
    opensAt.set(CLOSED);
  }

  /** The upstream could not be reached, was too slow, or answered that it is broken. */
  void failed() {
    if (settings.failures() > 0 && failures.incrementAndGet() >= settings.failures()) {
      opensAt.set(nanos.getAsLong() + settings.pause().toNanos());
    }
  }
}
