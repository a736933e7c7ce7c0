package io.llmaccounting.backend;

import java.time.Instant;
import java.util.UUID;

/**
 * Why a record was not stored: it, or the call that has its key, lies behind the purge horizon.
 *
 * @param purged the call that may have been purged: the record's own id, or that of the call that
 *     had its key
 * @param completeFrom the purge horizon
 * @param sameContent true if the call that had its key is known to have had the same content
 */
public record TooOld(UUID purged, Instant completeFrom, boolean sameContent) {}
