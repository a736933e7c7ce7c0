package io.llmaccounting.server.config;

import java.time.Duration;

/**
 * When an upstream is left alone.
 *
 * @param failures after so many failures one after the other; 0 never leaves it alone
 * @param pause for so long; then one request tries it again
 */
public record BreakerSettings(int failures, Duration pause) {
  /** Five failures, ten seconds. */
  public static final BreakerSettings DEFAULTS = new BreakerSettings(5, Duration.ofSeconds(10));
}
