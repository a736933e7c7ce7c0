package io.llmaccounting.backend;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Objects;

/**
 * A call that the database refused, so that no other call waits for it.
 *
 * @param position its place in the line that it left
 * @param call the call
 * @param reason why it was refused, at most 4,000 chars; characters that no database stores are
 *     replaced
 * @param buriedAt when it left the line, microsecond precision
 */
public record DeadLetter(long position, SpooledCall call, String reason, Instant buriedAt) {
  private static final int MAX_REASON = 4_000;

  /** Checks the components, and makes the reason storable. */
  public DeadLetter {
    Objects.requireNonNull(call, "call is required, was null");
    reason = storable(reason);
    buriedAt = Check.instant("buriedAt", buriedAt);
  }

  /** Returns {@code reason} as a dead letter keeps it. */
  public static String storable(String reason) {
    return Check.readable(reason, MAX_REASON);
  }
}
