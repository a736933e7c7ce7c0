package io.llmaccounting.backend;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A hold as it is stored: one row until it is settled or released.
 *
 * @param id the hold's id, that of the usage record to come
 * @param model the model that is asked
 * @param provider the provider, or null
 * @param attribution who makes the call
 * @param admittedAt when it was admitted, by the ledger's clock
 * @param expiresAt from when on it no longer counts
 * @param livesMicros how long a renewal makes it live
 * @param expected what the whole call is expected to consume
 * @param amounts what it holds on which counter
 */
public record HoldRecord(
    UUID id,
    String model,
    @Nullable String provider,
    Attribution attribution,
    Instant admittedAt,
    Instant expiresAt,
    long livesMicros,
    Expected expected,
    List<Amount> amounts) {

  /**
   * What a call is expected to consume, from which limits that come later take what it holds.
   *
   * @param inputTokens input tokens
   * @param outputTokens output tokens
   * @param cost the cost, or null where nobody can tell
   */
  public record Expected(long inputTokens, long outputTokens, @Nullable Cost cost) {}

  /**
   * What is held on one counter.
   *
   * @param counter the counter
   * @param amount in the limit's unit
   * @param leaves the instant at which it leaves the window, microseconds since 1970
   */
  public record Amount(CounterKey counter, long amount, long leaves) {}

  /** Checks the instants. */
  public HoldRecord {
    admittedAt = Check.instant("admittedAt", admittedAt);
    expiresAt = Check.instant("expiresAt", expiresAt);
    amounts = List.copyOf(amounts);
  }

  /** The same with another expiry. */
  public HoldRecord expiring(Instant expiresAt) {
    return new HoldRecord(
        id, model, provider, attribution, admittedAt, expiresAt, livesMicros, expected, amounts);
  }

  /** The same with other amounts for what is expected now. */
  public HoldRecord holding(Expected expected, List<Amount> amounts) {
    return new HoldRecord(
        id, model, provider, attribution, admittedAt, expiresAt, livesMicros, expected, amounts);
  }
}
