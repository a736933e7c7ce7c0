package io.llmaccounting.internal.ledger;

import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.Usage;
import java.util.Objects;

/**
 * Which of the times in a record its caller stated. Times that the library's clock gave are not
 * part of the content: a repetition may carry others.
 *
 * @param occurredAt whether the caller said when the call was made
 * @param latency whether the caller said how long it took
 * @param timeToFirstToken whether the caller said when its first token came
 */
public record Given(boolean occurredAt, boolean latency, boolean timeToFirstToken) {
  /** The caller stated whatever is there. */
  public static final Given ALL = new Given(true, true, true);

  /** The caller stated whatever is there but left the time of the call to us. */
  public static final Given DURATIONS = new Given(false, true, true);

  /** All times were given by the library. */
  public static final Given NOTHING = new Given(false, false, false);

  /**
   * True if {@code again} says of its call what {@code stored} says, except for times that the
   * library gave.
   */
  public boolean repeats(Usage again, Usage stored) {
    CallDetails one = again.details();
    CallDetails other = stored.details();
    return (!occurredAt || again.occurredAt().equals(stored.occurredAt()))
        && (!latency || Objects.equals(one.latency(), other.latency()))
        && (!timeToFirstToken || Objects.equals(one.timeToFirstToken(), other.timeToFirstToken()))
        && again.describesSameCallAs(stored);
  }
}
