package io.llmaccounting;

import io.llmaccounting.internal.health.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Steps of which each is taken; what the first to fail threw is thrown at the end. Confined to one
 * thread.
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
