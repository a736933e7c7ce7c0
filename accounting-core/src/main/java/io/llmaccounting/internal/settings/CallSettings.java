package io.llmaccounting.internal.settings;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all calls of an accounting share.
 *
 * @param clock the caller's clock
 * @param random makes ids
 * @param defaults fills what an attribution lacks
 * @param pricing knows prices
 * @param reportedCosts which of a reported and a computed cost counts
 * @param holdTime how long a hold lives unless a request says otherwise
 * @param actor who does administrative acts, null where nobody said
 */
public record CallSettings(
    InstantSource clock,
    RandomGenerator random,
    Attribution defaults,
    Pricing pricing,
    ReportedCostPolicy reportedCosts,
    Duration holdTime,
    @Nullable String actor) {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int SALT_BYTES = 16;

  /** The caller's clock, to the microsecond. */
  public Instant now() {
    Instant exact = clock.instant();
    return Instant.ofEpochSecond(
        exact.getEpochSecond(), exact.getNano() / NANOS_PER_MICRO * NANOS_PER_MICRO);
  }

  /** Says who is calling: by the context that is open on this thread, then by the defaults. */
  public Attribution known() {
    return CallContext.current().attribution().orElse(defaults);
  }

  /** A new id for a call made at {@code at}. */
  public UUID newId(Instant at) {
    return UsageId.create(at, random);
  }

  /** A new id for something that is made now. */
  public UUID newId() {
    return newId(now());
  }

  /** 128 random bits in hexadecimal digits. */
  public String newSalt() {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return HexFormat.of().formatHex(salt);
  }

  /** Returns the record with its computed cost, where prices tell. */
  public Usage priced(Usage usage) {
    if (pricing.equals(Pricing.NONE)) {
      return usage;
    }
    Optional<PricedCall> call = PricedCall.of(usage);
    if (call.isEmpty()) {
      return usage;
    }
    PricedCost priced = pricing.price(call.get()).orElse(null);
    Usage parts = usage.parts().isEmpty() ? usage : usage.withParts(pricing.parts(call.get()));
    return priced == null ? parts : parts.withComputedCost(priced);
  }
}
