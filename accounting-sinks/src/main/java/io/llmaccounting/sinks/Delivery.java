package io.llmaccounting.sinks;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch.
 *
 * @param status what became of those records that {@code refused} does not name
 * @param refused ids of records that the receiver will never take, with the reason
 * @param reason why the others were not taken; empty where they were
 * @param retryAfter how long the receiver wants to be left alone, or null where it did not say
 */
public record Delivery(
    Status status, Map<UUID, String> refused, String reason, @Nullable Duration retryAfter) {
  /** What may become of records. */
  public enum Status {
    /** They are safe at the receiver. */
    TAKEN,
    /** They can be tried again later. */
    LATER,
    /**
     * At least one of them will never be taken, and nobody knows which: the batch is tried again in
     * halves, until those are found.
     */
    REFUSED
  }

  /** Copies the map. */
  public Delivery {
    Objects.requireNonNull(status, "status is required, was null");
    Objects.requireNonNull(reason, "reason is required, was null");
    refused = Map.copyOf(refused);
  }

  /** All were taken. */
  public static Delivery taken() {
    return takenBut(Map.of());
  }

  /** All were taken but those that never will be, which are named with the reason. */
  public static Delivery takenBut(Map<UUID, String> refused) {
    return new Delivery(Status.TAKEN, refused, "", null);
  }

  /** None was taken, for a reason that passes. */
  public static Delivery later(String reason, @Nullable Duration retryAfter) {
    return new Delivery(Status.LATER, Map.of(), reason, retryAfter);
  }

  /** At least one will never be taken. */
  public static Delivery refused(String reason) {
    return new Delivery(Status.REFUSED, Map.of(), reason, null);
  }
}
