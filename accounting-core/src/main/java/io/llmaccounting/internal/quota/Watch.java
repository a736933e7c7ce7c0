package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.limit.Limit;

/**
 * A limit that watches a call, and the counter it goes to.
 *
 * @param limit the limit
 * @param counter its counter for this call
 */
public record Watch(Limit limit, CounterKey counter) {}
