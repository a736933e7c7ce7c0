package io.llmaccounting.server.gateway;

import io.llmaccounting.server.wire.Refusal;

/** An upstream gave no answer. */
final class UpstreamException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is known of the request. */
  enum Stage {
    /** Nothing of it was sent, so that it can be sent elsewhere. */
    UNSENT,
    /** It may have been worked on. */
    SENT
  }

  private final Stage stage;
  private final transient Refusal refusal;

  UpstreamException(Stage stage, Refusal refusal, Throwable cause) {
    super(refusal.message(), cause, false, false);
    this.stage = stage;
    this.refusal = refusal;
  }

  boolean isUnsent() {
    return stage == Stage.UNSENT;
  }

  /** What the client is told. */
  Refusal refusal() {
    return refusal;
  }
}
