package io.llmaccounting.backend;

import org.jspecify.annotations.Nullable;

/** A store could not do what it was asked. The message says what, and what would help. */
public final class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What a caller can do about it. */
  public enum Kind {
    /** Passing: the same may succeed later. What was under way may have been committed. */
    UNAVAILABLE,
    /** The store refuses this very request; repeating it is useless. */
    REJECTED,
    /** The store is closed. */
    CLOSED,
    /**
     * The store as a whole cannot be used until somebody repairs it: no database, damaged, another
     * schema version, or no access to it.
     */
    UNUSABLE
  }

  /** A failure without a cause of its own. */
  public BackendException(Kind kind, String message) {
    this(kind, message, null);
  }

  /** A failure and its cause. */
  public BackendException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What a caller can do about it. */
  public Kind kind() {
    return kind;
  }

  /** True if the same may succeed later. */
  public boolean isPassing() {
    return kind == Kind.UNAVAILABLE;
  }
}
