package io.llmaccounting.client.internal.calls;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What all calls have in common.
 *
 * @param clock the clock of the application
 * @param random makes ids
 * @param defaults what attributions lack
 * @param holdTime how long holds live unless they are renewed
 * @param timeout the longest that a caller waits
 */
public record CallSettings(
    InstantSource clock,
    RandomGenerator random,
    Attribution defaults,
    Duration holdTime,
    Duration timeout) {
  /** Now, to the microsecond. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** What is known of who is calling, from the context, then the defaults. */
  public Attribution known() {
    return CallContext.current().attribution().orElse(defaults);
  }

  /** An id for a call made at {@code at}. */
  public UUID newId(Instant at) {
    return UsageId.create(at, random);
  }
}
