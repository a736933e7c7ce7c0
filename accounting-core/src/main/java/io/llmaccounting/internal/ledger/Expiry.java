package io.llmaccounting.internal.ledger;

import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Says what becomes of calls whose hold has expired.
 *
 * @param pricing computes the cost of what their hold expected
 * @param told hears of those that were booked, after their transaction is committed; must not block
 * @param failed hears why some are booked later
 */
public record Expiry(
    UnaryOperator<Usage> pricing, Consumer<List<Usage>> told, Consumer<Throwable> failed) {}
