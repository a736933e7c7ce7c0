package io.llmaccounting.backend;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a sink stands.
 *
 * @param name its name
 * @param openedAt since when what is recorded waits for it
 * @param holder who delivers to it, or last did; null if nobody ever did, or gave it back
 * @param heldUntil until when nobody else may; null together with the holder
 * @param waiting how many records wait, without those of the past that were not reached yet
 * @param oldest since when the one that waits longest does; null if none waits
 * @param replayedTo up to which time calls of the past were delivered; null where all were
 * @param refused how many records the receiver will never take
 * @param delivered how many it took, counting those that it took twice
 * @param deliveredAt when something was last delivered, or refused; null if never
 * @param error why the last attempt failed; null if none ever did
 * @param errorAt when it failed; null together with the error
 */
public record SinkState(
    String name,
    Instant openedAt,
    @Nullable UUID holder,
    @Nullable Instant heldUntil,
    long waiting,
    @Nullable Instant oldest,
    @Nullable Instant replayedTo,
    long refused,
    long delivered,
    @Nullable Instant deliveredAt,
    @Nullable String error,
    @Nullable Instant errorAt) {
  /** Checks that what is required is there. */
  public SinkState {
    Objects.requireNonNull(name, "name is required, was null");
    Objects.requireNonNull(openedAt, "openedAt is required, was null");
  }

  /**
   * Returns a name that a sink may have.
   *
   * @throws IllegalArgumentException if it is empty or too long
   */
  public static String requireName(String name) {
    return Check.name("sink", name);
  }

  /** True if nothing was delivered since an attempt failed. */
  public boolean isFailing() {
    return errorAt != null && (deliveredAt == null || errorAt.isAfter(deliveredAt));
  }
}
