package io.llmaccounting.limit;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.validation.Check;

/**
 * What a limit does while its store cannot be reached.
 *
 * @param openAmount how much each process may let through, in the limit's unit; 0 means fail closed
 */
public record OutagePolicy(long openAmount) {
  /** Refuses every call that the limit watches. This is the default. */
  public static final OutagePolicy FAIL_CLOSED = new OutagePolicy(0);

  /** Checks the amount. */
  public OutagePolicy {
    Check.range("openAmount", openAmount, 0, Limit.MAX_AMOUNT);
  }

  /** Lets each process go on up to {@code amount} in the limit's unit; this needs a spool. */
  public static OutagePolicy failOpen(long amount) {
    return new OutagePolicy(Check.range("openAmount", amount, 1, Limit.MAX_AMOUNT));
  }

  /** Lets each process go on up to {@code amount}, for a limit on cost; this needs a spool. */
  public static OutagePolicy failOpen(Cost amount) {
    return failOpen(amount.nanos());
  }

  /** True if calls may go on. */
  public boolean isOpen() {
    return openAmount > 0;
  }
}
