package io.llmaccounting.internal.health;

import io.llmaccounting.backend.BackendException;

/** Tells failures that an outage explains from failures that must be thrown on. Pure. */
public final class OutageCheck {
  private OutageCheck() {}

  /**
   * The outage that {@code error} tells of.
   *
   * @throws RuntimeException {@code error}, where it tells of anything else
   */
  public static BackendException require(RuntimeException error) {
    if (error instanceof BackendException away && Breaker.isOutage(away)) {
      return away;
    }
    throw error;
  }
}
