package io.llmaccounting.admin;

import io.llmaccounting.usage.Cost;

/**
 * What a repricing changes, or has changed.
 *
 * @param examined calls looked at
 * @param changed calls whose cost changes
 * @param newlyPriced those of them that had no cost before
 * @param stillUnpriced calls that have no cost afterwards either
 * @param before sum of the known costs before
 * @param after sum of the known costs afterwards
 */
public record RepriceReport(
    long examined, long changed, long newlyPriced, long stillUnpriced, Cost before, Cost after) {}
