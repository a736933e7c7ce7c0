package io.llmaccounting.server.config;

/**
 * How large bodies of requests may be.
 *
 * @param inspected up to so many bytes a body is read before it is passed on; what is longer passes
 *     as it comes, and what it asks for is estimated by its size
 * @param most more bytes than that are refused
 */
public record BodyLimits(long inspected, long most) {
  /** 16 MiB and 512 MiB. */
  public static final BodyLimits DEFAULTS = new BodyLimits(16L << 20, 512L << 20);
}
