package io.llmaccounting.server.gateway;

import io.llmaccounting.server.wire.Refusal;

/** A request is not passed on, or its answer is not: the client is told why. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  /** Carries what the client is told. */
  public RefusedException(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  /** What the client is told. */
  public Refusal refusal() {
    return refusal;
  }
}
