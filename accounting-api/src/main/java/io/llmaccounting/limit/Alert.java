package io.llmaccounting.limit;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.UUID;

/**
 * A counter has crossed a threshold of its limit. Fired once for each crossing, delivered at least
 * once under the same id.
 *
 * @param id stable over repeated delivery
 * @param limit name of the limit
 * @param subject whose counter, empty where all share one
 * @param percent the threshold, in percent of the maximum
 * @param firedAt when it was crossed, by the ledger's clock
 * @param used what was used then, in the limit's unit
 * @param maximum the limit's maximum then
 */
public record Alert(
    UUID id, String limit, String subject, int percent, Instant firedAt, long used, long maximum) {
  /** Checks the parts. */
  public Alert {
    Check.name("limit name", limit);
    firedAt = Check.instant("firedAt", firedAt);
  }
}
