package io.llmaccounting.limit;

import io.llmaccounting.usage.Attribution;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call that was admitted and has neither been settled nor released. One that has expired belongs
 * to a process that died or dropped the call: it no longer counts, and becomes an UNFINISHED record
 * as soon as anybody writes, or reads records. A late settle replaces that.
 *
 * @param id of the hold and of the record to come
 * @param model the model that was asked
 * @param provider the provider, or null
 * @param attribution who makes the call
 * @param admittedAt when it was admitted, by the ledger's clock
 * @param expiresAt from when on its hold no longer counts
 */
public record OpenHold(
    UUID id,
    String model,
    @Nullable String provider,
    Attribution attribution,
    Instant admittedAt,
    Instant expiresAt) {

  /** True if the hold no longer counts at {@code now}. */
  public boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
