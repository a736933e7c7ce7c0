package io.llmaccounting.server.config;

import org.jspecify.annotations.Nullable;

/**
 * What is tried instead of an upstream.
 *
 * @param upstream the name of the other upstream, or of the same one for another model
 * @param model the model that is asked there, or null for the one that was asked for
 */
public record Fallback(String upstream, @Nullable String model) {}
