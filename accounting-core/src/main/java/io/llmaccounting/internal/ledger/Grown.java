package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.limit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What became of the wish for more room.
 *
 * @param decision admitted or denied; where several sizes were asked for, denied means even the
 *     last
 * @param granted what is held now, null where it was denied
 */
public record Grown(Decision decision, @Nullable Expectation granted) {}
