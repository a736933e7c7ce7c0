package io.llmaccounting.internal.ledger;

import java.time.Duration;

/**
 * How callers wait for what is booked.
 *
 * @param timeout how long an operation may take, repeats included
 * @param own does all that precedes the completion of stages
 * @param handoff completes the stages of those who do not wait
 */
public record Callers(Duration timeout, OwnWork own, Handoff handoff) {}
