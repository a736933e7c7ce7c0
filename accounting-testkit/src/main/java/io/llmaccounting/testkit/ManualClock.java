package io.llmaccounting.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. Safe for use by many threads. */
public final class ManualClock implements InstantSource {
  /**
   * The instant at which a clock starts unless it is told otherwise: Monday 2026-03-02 at 09:00
   * UTC.
   */
  public static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

  private Instant now;

  private ManualClock(Instant start) {
    this.now = start;
  }

  /** A clock that stands at {@link #START}. */
  public static ManualClock create() {
    return new ManualClock(START);
  }

  /** A clock that stands at {@code start}. */
  public static ManualClock at(Instant start) {
    return new ManualClock(start);
  }

  /** A clock that stands at {@code start}, for instance {@code "2024-02-29T12:00:00Z"}. */
  public static ManualClock at(String start) {
    return new ManualClock(Instant.parse(start));
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Moves the clock by {@code step}, which may be negative. */
  public synchronized void advance(Duration step) {
    now = now.plus(step);
  }

  /** Puts the clock to {@code instant}, which may lie in its past. */
  public synchronized void set(Instant instant) {
    now = instant;
  }

  /** Puts the clock to {@code instant}, for instance {@code "2024-02-29T12:00:00Z"}. */
  public void set(String instant) {
    set(Instant.parse(instant));
  }
}
