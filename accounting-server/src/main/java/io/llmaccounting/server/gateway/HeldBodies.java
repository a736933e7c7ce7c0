package io.llmaccounting.server.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies are held in memory, of all requests together. Safe for use by many
 * threads.
 */
final class HeldBodies {
  private final long most;
  private final AtomicLong held = new AtomicLong();

  /** At most so many; {@code meters} tell how many there are. */
  HeldBodies(long most, MeterRegistry meters) {
    this.most = most;
    Gauge.builder("llm.gateway.bodies.held", this, HeldBodies::held)
        .description("What is held of requests that are read before they are passed on")
        .baseUnit("bytes")
        .register(meters);
  }

  /** Takes room for so many bytes, if there is as much. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= most) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /** Gives room back. */
  void give(long bytes) {
    held.addAndGet(-bytes);
  }

  private long held() {
    return held.get();
  }
}
