package io.llmaccounting.server.rest.reach;

import java.util.UUID;

/** There is no hold of this id, and no record of one, that the caller may reach. */
public final class UnknownHoldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownHoldException(UUID id) {
    super(
        "there is no reservation %s; it may have expired, been released, or never been made"
            .formatted(id),
        null,
        false,
        false);
  }
}
