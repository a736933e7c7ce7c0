package io.llmaccounting.backend;

/** A batch was matched with limits that have changed since. Nothing was written; match it again. */
public final class StaleLimitsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says both revisions. */
  public StaleLimitsException(long expected, long actual) {
    super("limits are at revision %d, the batch was matched with %d".formatted(actual, expected));
  }
}
