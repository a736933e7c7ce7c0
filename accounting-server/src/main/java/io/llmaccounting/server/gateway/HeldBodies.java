package io.llmaccounting.server.gateway;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies are held in memory, of all requests together. Safe for use by many
 * threads.
 */
final class HeldBodies {
  private final long most;
  private final AtomicLong held = new AtomicLong();

  HeldBodies(long most) {
    this.most = most;
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

  /** How many bytes are held. */
  long held() {
    return held.get();
  }
}
