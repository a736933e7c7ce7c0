package io.llmaccounting.internal.calls;

import io.llmaccounting.usage.PricedCost;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says how a call that was let in is recorded where prices fail for it.
 *
 * @param instead the cost it is recorded with, null for none
 * @param failed is handed what prices threw
 */
record Unpriced(@Nullable PricedCost instead, Consumer<Throwable> failed) {}
