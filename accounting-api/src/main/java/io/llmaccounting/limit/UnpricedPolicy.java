package io.llmaccounting.limit;

import io.llmaccounting.usage.Cost;
import java.util.Objects;

/**
 * What a limit on cost does about a call whose cost nobody knows.
 *
 * @param kind deny, admit or charge
 * @param ceiling what is charged for CHARGE until the record is priced, else zero
 */
public record UnpricedPolicy(Kind kind, Cost ceiling) {
  /** What to do. */
  public enum Kind {
    /** Refuse the call; a call that is tracked all the same charges nothing until it is priced. */
    DENY,
    /** Let the call through; it charges nothing until it is priced. */
    ADMIT,
    /** Charge the ceiling until the record is priced. */
    CHARGE
  }

  /** Refuses calls whose cost cannot be told. This is the default. */
  public static final UnpricedPolicy DENY = new UnpricedPolicy(Kind.DENY, Cost.ZERO);

  /** Lets calls through whose cost cannot be told. */
  public static final UnpricedPolicy ADMIT = new UnpricedPolicy(Kind.ADMIT, Cost.ZERO);

  /** Checks that a ceiling is there exactly where one is charged. */
  public UnpricedPolicy {
    Objects.requireNonNull(kind, "kind is required, was null");
    if ((kind == Kind.CHARGE) != (ceiling.nanos() > 0)) {
      throw new IllegalArgumentException(
          "ceiling must be above zero exactly for CHARGE, was %s for %s".formatted(ceiling, kind));
    }
  }

  /** Charges {@code ceiling} for a call whose cost cannot be told. */
  public static UnpricedPolicy charge(Cost ceiling) {
    return new UnpricedPolicy(Kind.CHARGE, ceiling);
  }
}
