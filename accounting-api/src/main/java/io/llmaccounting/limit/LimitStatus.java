package io.llmaccounting.limit;

import io.llmaccounting.usage.Period;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one counter of a limit stands.
 *
 * @param limit the limit
 * @param subject whose counter: {@code user=alice} where each user has one, empty where all share
 *     one
 * @param at the instant that is described, by the ledger's clock
 * @param used what lies in the window
 * @param held what live holds keep for calls under way
 * @param currentWindow bounds of a calendar window, null for windows that move
 */
public record LimitStatus(
    Limit limit, String subject, Instant at, long used, long held, @Nullable Period currentWindow) {

  /**
   * What is left: maximum less used and held, never below 0; {@link Limit#UNLIMITED} for
   * exemptions.
   */
  public long remaining() {
    return limit.isExemption()
        ? Limit.UNLIMITED
        : Math.max(0, limit.maximum() - Math.min(limit.maximum(), Math.addExact(used, held)));
  }

  /** By how much use exceeds the maximum, 0 where it does not. */
  public long overshoot() {
    return limit.isExemption() ? 0 : Math.max(0, used - limit.maximum());
  }

  /** When a calendar window ends; empty for windows that move and for lifetime. */
  public Optional<Instant> resetsAt() {
    return Optional.ofNullable(currentWindow).map(Period::to);
  }
}
