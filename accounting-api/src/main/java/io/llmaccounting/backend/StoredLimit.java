package io.llmaccounting.backend;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.validation.Check;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A limit and the number under which its counters are kept. A limit that is replaced in a way that
 * rebuilds its counters gets a new number.
 *
 * @param id the number, never reused
 * @param limit the definition
 * @param set the name of the set that owns it, null where it was made by hand
 */
public record StoredLimit(long id, Limit limit, @Nullable String set) {
  /** Checks the name of the set. */
  public StoredLimit {
    Objects.requireNonNull(limit, "limit is required, was null");
    Check.optionalName("set of limit \"" + limit.name() + "\"", set);
  }

  /** A limit that was made by hand. */
  public StoredLimit(long id, Limit limit) {
    this(id, limit, null);
  }
}
