package io.llmaccounting.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A limit that has no room for a call.
 *
 * @param status how its counter stands
 * @param requested what the call asked for, in the limit's unit, or a call under way beyond what it
 *     holds; says nothing where its cost is unknown
 * @param reason why it has no room
 * @param fits when the call would fit if nothing else happened, null if it never would. A call
 *     under way goes on, so its own hold does not expire. Under a limit on calls under way this is
 *     the latest instant, at which the holds of enough of them expire
 * @param guessed how much of {@code requested} is a guess, because the caller did not state it
 */
public record Exceeded(
    LimitStatus status, long requested, Reason reason, @Nullable Instant fits, long guessed) {

  /** The words in the sentence about an unpriced call by which stored denials are recognized. */
  static final String UNKNOWN_COST = " denies calls of unknown cost; ";

  /** A limit that has no room for what the caller stated. */
  public Exceeded(LimitStatus status, long requested, Reason reason, @Nullable Instant fits) {
    this(status, requested, reason, fits, 0);
  }

  /** Why a limit has no room. */
  public enum Reason {
    /** Used, held and requested together are above the maximum. */
    SPENT,
    /** The cost of the call cannot be told, and the limit denies such calls. */
    UNPRICED,
    /** The store could not be reached, and the limit fails closed or its open amount is spent. */
    OUTAGE
  }

  /** When the call would fit if nothing else happened; empty if it never would. */
  public Optional<Instant> fitsAt() {
    return Optional.ofNullable(fits);
  }

  /**
   * True if it has room as soon as a call under way ends, which nobody can foretell: {@link #fits}
   * is only the latest instant.
   */
  public boolean awaitsEnd() {
    return reason == Reason.SPENT && fits != null && status.limit().metric() == Metric.CONCURRENT;
  }

  /** One sentence for people. */
  @Override
  public String toString() {
    Limit limit = status.limit();
    String subject = status.subject().isEmpty() ? "" : " [" + status.subject() + "]";
    if (reason == Reason.UNPRICED) {
      return limit
          + subject
          + UNKNOWN_COST
          + "give the cost, build the accounting with .pricing(..) that knows the model's price, or"
          + " choose another unpriced policy";
    }
    if (reason == Reason.OUTAGE) {
      return "%s%s cannot be checked: its store is not reachable".formatted(limit, subject);
    }
    if (awaitsEnd()) {
      return "%s%s has no room for another call: %d under way; there is when one ends, in %s at the latest unless it goes on"
          .formatted(limit, subject, status.held(), Duration.between(status.at(), fits));
    }
    Metric metric = limit.metric();
    String exactness = status.isExact() ? "" : " (told in steps of " + status.grain() + ")";
    return "%s%s has no room for %s%s (used %s, held %s%s); %s"
        .formatted(
            limit,
            subject,
            new Amount(metric, requested),
            guessed == 0
                ? ""
                : " (%s of it guessed, the request states no size)"
                    .formatted(metric.format(guessed)),
            metric.format(status.used()),
            metric.format(status.held()),
            leased(),
            fits == null
                ? "never fits"
                : "fits in " + Duration.between(status.at(), fits) + exactness);
  }

  private String leased() {
    return status.leased() == 0 || status.leasedUntil() == null
        ? ""
        : ", of it %s leased by processes for at most %s unless they renew"
            .formatted(
                status.limit().metric().format(status.leased()),
                Duration.between(status.at(), status.leasedUntil()));
  }
}
