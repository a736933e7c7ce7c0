package io.llmaccounting.limit;

import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.Saturated;
import io.llmaccounting.validation.Check;
import java.time.Instant;

/**
 * Refused reserves of one counter in one minute.
 *
 * @param limit name of the limit
 * @param subject whose counter, empty where all share one; {@link #OTHERS} where too many were
 *     denied on that day to tell them apart
 * @param minute start of the minute, UTC
 * @param count how many were refused
 * @param lastRequested what the last of them asked for, in the limit's unit; says nothing where
 *     {@link #isLastUnpriced}
 * @param lastReason the last refusal in one sentence
 */
public record DenialCount(
    String limit,
    String subject,
    Instant minute,
    long count,
    long lastRequested,
    String lastReason) {

  /**
   * Stands for the subjects of denials that came after too many others on the same day. No subject
   * has this name, because each subject names its dimension.
   */
  public static final String OTHERS = ReportRow.OTHERS;

  private static final String OTHERS_BEFORE = "(others)";

  /** Checks the count; a subject of others as it was written before becomes {@link #OTHERS}. */
  public DenialCount {
    subject = subject.equals(OTHERS_BEFORE) ? OTHERS : subject;
    Check.range("count", count, 1, Long.MAX_VALUE);
    minute = Check.instant("minute", minute);
  }

  /**
   * True if the last of them was refused because its cost is unknown, so that {@link
   * #lastRequested} is no amount. Read from {@link #lastReason}.
   */
  public boolean isLastUnpriced() {
    return lastReason.contains(Exceeded.UNKNOWN_COST);
  }

  /**
   * This count with {@code later} ones added, whose last request and reason it then has.
   *
   * @param later of the same limit, subject and minute
   */
  public DenialCount plus(DenialCount later) {
    return new DenialCount(
        limit,
        subject,
        minute,
        Saturated.sum(count, later.count),
        later.lastRequested,
        later.lastReason);
  }
}
