package io.llmaccounting.access;

import java.util.UUID;

/** There is no key of this id. Nothing was changed. */
public final class UnknownKeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final UUID id;

  /** Refuses {@code id}. */
  public UnknownKeyException(UUID id) {
    super("there is no key %s; list keys to see which there are".formatted(id));
    this.id = id;
  }

  /** The unknown id. */
  public UUID id() {
    return id;
  }
}
