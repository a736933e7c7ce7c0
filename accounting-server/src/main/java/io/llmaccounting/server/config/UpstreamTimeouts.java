package io.llmaccounting.server.config;

import java.time.Duration;

/**
 * How long is waited for an upstream; all are positive.
 *
 * @param connect until a connection stands
 * @param firstByte from the request until the answer begins; models may think for minutes
 * @param idle between two pieces of an answer
 * @param total for an answer altogether
 */
public record UpstreamTimeouts(
    Duration connect, Duration firstByte, Duration idle, Duration total) {
  /** Ten seconds to connect, ten minutes until it begins and between pieces, one hour in all. */
  public static final UpstreamTimeouts DEFAULTS =
      new UpstreamTimeouts(
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          Duration.ofHours(1));
}
