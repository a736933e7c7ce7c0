package io.llmaccounting.usage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became known of a call after it was recorded; the record itself is never edited. Each
 * adjustment says everything that differs from the record by then, not only what changed last.
 *
 * @param at when the ledger booked it
 * @param figures better figures of the call, null where those of the record still count
 * @param correctedCost a cost computed later, or null
 */
public record UsageAdjustment(
    Instant at, @Nullable CallFigures figures, @Nullable PricedCost correctedCost) {}
