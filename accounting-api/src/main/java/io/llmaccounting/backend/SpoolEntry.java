package io.llmaccounting.backend;

/**
 * A call that waits in a spool.
 *
 * @param position its place in the line, 1 or more, never used again
 * @param call the call
 */
public record SpoolEntry(long position, SpooledCall call) {}
