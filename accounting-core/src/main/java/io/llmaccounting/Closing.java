package io.llmaccounting;

import io.llmaccounting.internal.health.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Takes every step of a close, also after one has failed; at the end it throws what the first
 * failure was. Confined to one thread.
 */
final class Closing {
  private @Nullable Throwable failure;

  void step(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      if (failure == null) {
        failure = e;
      } else if (failure != e) {
        failure.addSuppressed(e);
      }
    }
  }

  void end() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw Failures.of(failure);
    }
  }
}
