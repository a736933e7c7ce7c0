package io.llmaccounting.server.sinks;

import io.llmaccounting.backend.SinkState;
import io.llmaccounting.sinks.SinkProgress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a sink of the server stands.
 *
 * @param progress what this server has done for it
 * @param state how it stands in the store, whoever delivers; null where the store was not asked
 *     yet, or cannot be
 * @param at when this is looked at
 */
public record SinkStatus(SinkProgress progress, @Nullable SinkState state, Instant at) {
  /** Its name. */
  public String name() {
    return progress.name();
  }

  /** How long the record that waits longest does; zero if none waits, null if that is unknown. */
  public @Nullable Duration lag() {
    if (state == null) {
      return null;
    }
    Instant oldest = state.oldest();
    return oldest == null || oldest.isAfter(at) ? Duration.ZERO : Duration.between(oldest, at);
  }

  /** Whether nothing was delivered since an attempt failed, here or elsewhere. */
  public boolean isFailing() {
    return error() != null;
  }

  /** Why the last attempt failed; null if something was delivered since, or none ever failed. */
  public @Nullable String error() {
    if (state == null) {
      return progress.error();
    }
    return state.isFailing() ? state.error() : null;
  }
}
