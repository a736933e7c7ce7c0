package io.llmaccounting.backend;

/**
 * Something derived that disagrees with the records.
 *
 * @param what which rollup, counter or hold
 * @param stored what is stored
 * @param expected what the records say
 */
public record Difference(String what, String stored, String expected) {}
