package io.llmaccounting.providers.prices;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * US dollars per 1,000,000 tokens of each kind. Zero means free, null that no price is known.
 *
 * @param input input that is neither cached nor audio
 * @param output text and reasoning; null where the model has no output
 * @param cacheRead input read from a cache; null bills it as input
 * @param cacheWrite5m input written to a cache for 5 minutes; null bills it as input
 * @param cacheWrite1h input written to a cache for 1 hour; null bills it as input
 * @param audioInput audio input; null bills it as input
 * @param audioOutput audio output; null bills it as output
 */
public record TokenPrices(
    @Nullable BigDecimal input,
    @Nullable BigDecimal output,
    @Nullable BigDecimal cacheRead,
    @Nullable BigDecimal cacheWrite5m,
    @Nullable BigDecimal cacheWrite1h,
    @Nullable BigDecimal audioInput,
    @Nullable BigDecimal audioOutput) {}
