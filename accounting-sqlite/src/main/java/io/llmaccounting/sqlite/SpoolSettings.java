package io.llmaccounting.sqlite;

import java.time.InstantSource;
import java.util.Objects;

/**
 * How a spool is kept. Start with {@link #defaults()}.
 *
 * @param clock says when a call became a dead letter, the system's by default
 * @param maxBytes how much each process may keep, 65,536 to 10^12, 256 MiB by default; some MiB
 *     more are taken while it is open
 */
public record SpoolSettings(InstantSource clock, long maxBytes) {
  private static final long LEAST_BYTES = 65_536;
  private static final long MOST_BYTES = 1_000_000_000_000L;
  private static final SpoolSettings DEFAULTS =
      new SpoolSettings(InstantSource.system(), 256L << 20);

  /** Checks the range. */
  public SpoolSettings {
    Objects.requireNonNull(clock, "clock is required, was null");
    if (maxBytes < LEAST_BYTES || maxBytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "maxBytes must be from %d to %d, was %d".formatted(LEAST_BYTES, MOST_BYTES, maxBytes));
    }
  }

  /** The defaults: 256 MiB, with the system's clock. */
  public static SpoolSettings defaults() {
    return DEFAULTS;
  }

  /** Returns a copy with this clock. */
  public SpoolSettings clock(InstantSource clock) {
    return new SpoolSettings(clock, maxBytes);
  }

  /** Returns a copy with room for so many bytes. */
  public SpoolSettings maxBytes(long bytes) {
    return new SpoolSettings(clock, bytes);
  }
}
