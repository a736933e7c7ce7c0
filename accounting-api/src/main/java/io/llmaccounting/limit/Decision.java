package io.llmaccounting.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The answer to "may this call go ahead?". */
public sealed interface Decision {

  /** True if the call may go ahead. */
  default boolean isAdmitted() {
    return this instanceof Admitted;
  }

  /**
   * The call may go ahead.
   *
   * @param limits every limit that watches it, as it stands with the call's hold, most constrained
   *     first
   * @param warnings the limits that have no room, but only warn
   */
  record Admitted(List<LimitStatus> limits, List<Exceeded> warnings) implements Decision {
    /** Copies the lists. */
    public Admitted {
      limits = List.copyOf(limits);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The call must not be made. Nothing was held anywhere.
   *
   * @param exceeded every limit that has no room, most constrained first: those that never have,
   *     then by the instant at which the call would fit, latest first
   * @param at when it was decided, by the ledger's clock
   */
  record Denied(List<Exceeded> exceeded, Instant at) implements Decision {
    /** Checks that there is a reason. */
    public Denied {
      exceeded = List.copyOf(exceeded);
      if (exceeded.isEmpty()) {
        throw new IllegalArgumentException("exceeded must name at least one limit, was empty");
      }
    }

    /** When the call would fit every limit if nothing else happened; empty if it never would. */
    public Optional<Instant> fitsAt() {
      Instant latest = at;
      for (Exceeded one : exceeded) {
        if (one.fits() == null) {
          return Optional.empty();
        }
        latest = one.fits().isAfter(latest) ? one.fits() : latest;
      }
      return Optional.of(latest);
    }

    /**
     * How long to wait until the call fits, exact to the microsecond; empty if it never fits, or if
     * only a limit on calls under way refuses it, because that has room as soon as one of them
     * ends. Where other limits refuse the call too, this is how long to wait for those.
     */
    public Optional<Duration> retryAfter() {
      Instant latest = null;
      for (Exceeded one : exceeded) {
        if (one.fits() == null) {
          return Optional.empty();
        }
        if (!one.awaitsEnd() && (latest == null || one.fits().isAfter(latest))) {
          latest = one.fits();
        }
      }
      return Optional.ofNullable(latest)
          .map(fits -> Duration.between(at, fits.isAfter(at) ? fits : at));
    }

    /**
     * {@link #retryAfter()} in whole seconds, rounded up, for a Retry-After header. Where it is
     * empty, leave the header out; that does not mean that waiting is in vain, which only {@link
     * #neverFits()} says.
     */
    public Optional<Long> retryAfterSeconds() {
      return retryAfter().map(wait -> wait.plusSeconds(1).minusNanos(1).toSeconds());
    }

    /**
     * True if waiting does not help: there is no room however long one waits, or a price is
     * missing.
     */
    public boolean neverFits() {
      return fitsAt().isEmpty();
    }

    /**
     * The HTTP status that says this to a client.
     *
     * <ul>
     *   <li>429 where waiting helps. The header Retry-After is {@link #retryAfterSeconds()}; where
     *       that is empty, calls under way are waited for: leave the header out, so that the client
     *       spaces its attempts as it always does.
     *   <li>403 where a limit never has room for the call: less must be asked for.
     *   <li>503 where the reason is not the call: the store is not reachable, or a price is
     *       missing. With Retry-After where {@link #retryAfterSeconds()} tells it.
     * </ul>
     *
     * <p>Where limits differ, 403 comes before 503, and that before 429.
     */
    public int httpStatus() {
      int status = 429;
      for (Exceeded one : exceeded) {
        if (one.reason() != Exceeded.Reason.SPENT) {
          status = 503;
        } else if (one.fits() == null) {
          return 403;
        }
      }
      return status;
    }

    /** The most constrained limit. */
    public Exceeded primary() {
      return exceeded.get(0);
    }

    @Override
    public String toString() {
      return exceeded.stream().map(Exceeded::toString).collect(Collectors.joining("; "));
    }
  }
}
