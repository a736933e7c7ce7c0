package io.llmaccounting.internal.ledger;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Work that a thread of our own has taken over.
 *
 * @param outcome completed on that thread, or by {@code giveUp}
 * @param patience how long the outcome is waited for
 * @param giveUp ends the waiting with a failure, unless the outcome is known; waits for nothing
 */
public record Begun<T>(CompletableFuture<T> outcome, Duration patience, Runnable giveUp) {}
