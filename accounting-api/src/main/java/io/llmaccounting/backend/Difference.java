package io.llmaccounting.backend;

/**
 * A rollup, counter or hold that disagrees with the records it was derived from.
 *
 * @param what which rollup, counter or hold
 * @param stored what is stored
 * @param expected what the records say
 */
public record Difference(String what, String stored, String expected) {}
