package io.llmaccounting.backend;

import io.llmaccounting.limit.Limit;

/**
 * A limit and the number under which its counters are kept. A limit that is replaced in a way that
 * rebuilds its counters gets a new number.
 *
 * @param id the number, never reused
 * @param limit the definition
 */
public record StoredLimit(long id, Limit limit) {}
