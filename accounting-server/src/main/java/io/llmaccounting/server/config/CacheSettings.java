package io.llmaccounting.server.config;

import java.time.Duration;

/**
 * The cache of answers.
 *
 * @param time how long an answer may be given again
 * @param bytes how much memory all answers may take
 */
public record CacheSettings(Duration time, long bytes) {}
