package io.llmaccounting.server.load;

import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param answered how many requests had a good answer
 * @param failed how many had another one, or none
 * @param perSecond how many were answered a second
 * @param p50 milliseconds that half of the good answers took at most
 * @param p99 milliseconds that 99 of 100 good answers took at most
 * @param failure why one of those failed that did, or null
 */
public record Figures(
    long answered,
    long failed,
    double perSecond,
    double p50,
    double p99,
    @Nullable String failure) {}
