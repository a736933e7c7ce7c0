package io.llmaccounting.internal.audit;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import java.time.Duration;

/** Whether denials are written to the audit log. Safe for use by many threads. */
public sealed interface DenialRecorder extends AutoCloseable
    permits DenialRecorder.None, DenialTrail {
  /** No denial is written. */
  DenialRecorder NONE = new None();

  /** Starts the thread that writes denials. */
  void start();

  /** Takes a denial. */
  void denied(CallRequest request, Decision.Denied denied);

  /**
   * Waits until the denials so far are written or given up.
   *
   * @throws io.llmaccounting.backend.BackendException UNAVAILABLE if that takes longer than {@code
   *     most}
   */
  void flush(Duration most);

  /**
   * Writes what waits, at most for a while, then ends; what is not written by then is counted and
   * reported.
   */
  @Override
  void close();

  /** Writes no denials. */
  record None() implements DenialRecorder {
    @Override
    public void start() {}

    @Override
    public void denied(CallRequest request, Decision.Denied denied) {}

    @Override
    public void flush(Duration most) {}

    @Override
    public void close() {}
  }
}
