package io.llmaccounting.client.internal.wire;

import io.llmaccounting.backend.BackendException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The server was not asked, or does not do what it was asked to. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final @Nullable String code;
  private final @Nullable Duration retryAfter;

  /** What can be done about it. */
  public enum Kind {
    /** Nothing was sent. */
    UNREACHABLE(BackendException.Kind.UNREACHABLE),
    /** It was sent, and nobody knows what became of it. */
    UNSURE(BackendException.Kind.UNAVAILABLE),
    /** The server has too much to do. */
    BUSY(BackendException.Kind.BUSY),
    /** The server cannot reach its own store. */
    STORE_AWAY(BackendException.Kind.UNAVAILABLE),
    /** Something answers that is no accounting server, or does not take the key. */
    UNUSABLE(BackendException.Kind.UNUSABLE),
    /** The request is too long. */
    TOO_LARGE(BackendException.Kind.REJECTED),
    /** The request is wrong. */
    WRONG(BackendException.Kind.REJECTED),
    /** What the request is about is not there. */
    GONE(BackendException.Kind.REJECTED),
    /** What is there contradicts it. */
    CONFLICT(BackendException.Kind.REJECTED);

    private final BackendException.Kind store;

    Kind(BackendException.Kind store) {
      this.store = store;
    }
  }

  /** A problem with {@code code} as the server says it, null where it does not speak itself. */
  ProblemException(
      Kind kind,
      @Nullable String code,
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** A problem that the server itself did not tell. */
  public static ProblemException of(Kind kind, String message, @Nullable Throwable cause) {
    return new ProblemException(kind, null, message, null, cause);
  }

  /** What can be done about it. */
  public Kind kind() {
    return kind;
  }

  /** The server's word for it, or null. */
  public @Nullable String code() {
    return code;
  }

  /** How long the server wants to be left alone, or null. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** True if it is about the server as a whole, so that all else would meet the same. */
  public boolean isOutage() {
    return switch (kind) {
      case UNREACHABLE, UNSURE, BUSY, STORE_AWAY, UNUSABLE -> true;
      case TOO_LARGE, WRONG, GONE, CONFLICT -> false;
    };
  }

  /** The same as callers of the api know it. */
  public RuntimeException known() {
    String said = String.valueOf(getMessage());
    return switch (kind) {
      case WRONG -> new IllegalArgumentException(said, this);
      case GONE, CONFLICT -> new IllegalStateException(said, this);
      default -> new BackendException(kind.store, said, this);
    };
  }
}
