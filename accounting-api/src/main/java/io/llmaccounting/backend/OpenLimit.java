package io.llmaccounting.backend;

import io.llmaccounting.validation.Check;
import java.util.Objects;

/**
 * Whose amount is counted while the database is away.
 *
 * @param limit the limit's name
 * @param subject whose counter, empty where all share one
 */
public record OpenLimit(String limit, String subject) {
  /** Checks the components. */
  public OpenLimit {
    Check.name("limit", limit);
    Objects.requireNonNull(subject, "subject is required, was null");
  }
}
