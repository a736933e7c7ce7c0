package io.llmaccounting.limit;

import java.time.Duration;
import java.util.Optional;

/**
 * A call must not be made because a limit has no room for it. Thrown before the network is touched;
 * unchecked and no I/O error, so that no client retries it by itself.
 */
public final class QuotaExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Decision.Denied denied;

  /** Carries the denial. */
  public QuotaExceededException(Decision.Denied denied) {
    super(denied.toString());
    this.denied = denied;
  }

  /** Carries the denial of {@code request}; where a price is missing, it says of which model. */
  public QuotaExceededException(Decision.Denied denied, CallRequest request) {
    super(denied + missingPrice(denied, request));
    this.denied = denied;
  }

  private static String missingPrice(Decision.Denied denied, CallRequest request) {
    boolean isPriced =
        denied.exceeded().stream().noneMatch(one -> one.reason() == Exceeded.Reason.UNPRICED);
    if (isPriced) {
      return "";
    }
    String provider = request.provider();
    return "; no price is known of the model \"%s\" %s"
        .formatted(request.model(), provider == null ? "of no known provider" : "of " + provider);
  }

  /** Every limit that has no room, and when the call would fit. */
  public Decision.Denied denied() {
    return denied;
  }

  /**
   * How long to wait until the call fits, exact to the microsecond; empty if it never fits, or if
   * it does as soon as a call under way ends, see {@link Decision.Denied#retryAfter()}.
   */
  public Optional<Duration> retryAfter() {
    return denied.retryAfter();
  }

  /** The name of the limit that is most constrained. */
  public String limitName() {
    return denied.primary().status().limit().name();
  }
}
