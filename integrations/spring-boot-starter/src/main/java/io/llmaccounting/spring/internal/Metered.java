package io.llmaccounting.spring.internal;

/** Marks what stands in for a model by its interfaces only. */
public interface Metered {}
