package io.llmaccounting.server.config;

import java.time.Duration;

/**
 * How large bodies of requests may be, and how slow.
 *
 * @param inspected up to so many bytes a body is read before it is passed on; what is longer passes
 *     as it comes, and what it asks for is estimated by its size
 * @param most more bytes than that are refused
 * @param together so many bytes may be held of all bodies that are read before they are passed on
 * @param time so long it may take until a body is there that is read before it is passed on
 */
public record BodyLimits(long inspected, long most, long together, Duration time) {
  /** Five minutes. */
  public static final Duration TIME = Duration.ofMinutes(5);

  /** 16 MiB and 512 MiB, together a quarter of the memory, within five minutes. */
  public static final BodyLimits DEFAULTS = new BodyLimits(16L << 20, 512L << 20);

  /** Limits of sizes, together a quarter of the memory, within five minutes. */
  public BodyLimits(long inspected, long most) {
    this(inspected, most, quarterOfMemory(), TIME);
  }

  /** A quarter of what this process may use at most. */
  static long quarterOfMemory() {
    return Runtime.getRuntime().maxMemory() / 4;
  }
}
