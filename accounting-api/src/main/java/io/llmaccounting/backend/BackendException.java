package io.llmaccounting.backend;

import org.jspecify.annotations.Nullable;

/** A store could not do what it was asked to. The message says what failed, and what would help. */
public final class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final Origin origin;

  /** Which store failed. A failure of one says nothing about the other. */
  public enum Origin {
    /** The database, or whatever a backend keeps things in. */
    STORE,
    /** The spool on the local disk. */
    SPOOL
  }

  /** What a caller can do about it. */
  public enum Kind {
    /** Passing: the same may succeed later. What was under way may have been committed. */
    UNAVAILABLE,
    /**
     * Passing: the store could not be asked at all, for instance because it refuses connections.
     */
    UNREACHABLE,
    /**
     * Passing: the store is well, but this process has no connection to it free, for instance
     * because long reports take all of them. Nothing was sent.
     */
    BUSY,
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
    this(kind, message, cause, Origin.STORE);
  }

  private BackendException(
      Kind kind, @Nullable String message, @Nullable Throwable cause, Origin origin) {
    super(message, cause);
    this.kind = kind;
    this.origin = origin;
  }

  /** Returns the same failure as one of {@code origin}, with this as its cause. */
  public BackendException of(Origin origin) {
    return new BackendException(kind, getMessage(), this, origin);
  }

  /** Returns this failure for one more caller, with a stack of its own and this as its cause. */
  public BackendException anew() {
    return of(origin);
  }

  /** What a caller can do about it. */
  public Kind kind() {
    return kind;
  }

  /** Whose failure it is; the store's unless it is said otherwise. */
  public Origin origin() {
    return origin;
  }

  /** True if the same may succeed later. */
  public boolean isPassing() {
    return kind == Kind.UNAVAILABLE || kind == Kind.UNREACHABLE || kind == Kind.BUSY;
  }
}
