package io.llmaccounting.server.config;

import java.time.Duration;

/**
 * How answers are kept to be given again.
 *
 * @param time for how long
 * @param bytes how much of all answers at most
 */
public record CacheSettings(Duration time, long bytes) {}
