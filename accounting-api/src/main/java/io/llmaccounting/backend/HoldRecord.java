package io.llmaccounting.backend;

import io.llmaccounting.usage.Attribution;
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
    List<Amount> amounts) {

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

  /** The same with another expiry and other amounts. */
  public HoldRecord changed(Instant expiresAt, List<Amount> amounts) {
    return new HoldRecord(
        id, model, provider, attribution, admittedAt, expiresAt, livesMicros, amounts);
  }
}
