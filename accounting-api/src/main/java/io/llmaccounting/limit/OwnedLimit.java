package io.llmaccounting.limit;

import io.llmaccounting.validation.Check;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A limit and the {@link LimitSet} that owns it.
 *
 * @param limit the definition
 * @param set the name of the set, null where the limit was made by hand
 */
public record OwnedLimit(Limit limit, @Nullable String set) {
  /** Checks the name of the set. */
  public OwnedLimit {
    Objects.requireNonNull(limit, "limit is required, was null");
    Check.optionalName("set of limit \"" + limit.name() + "\"", set);
  }
}
