package io.llmaccounting.retention;

/**
 * How far a purge has come.
 *
 * @param kind what is being removed
 * @param removed how many so far
 * @param expected how many there were when it began; others may add or remove some meanwhile
 */
public record PurgeProgress(PurgeKind kind, long removed, long expected) {}
