package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.usage.Usage;
import java.time.Instant;

/** Begins calls and books their ends. Safe for use by many threads. */
public final class Calls implements AutoCloseable {
  private static final long RENEWAL_MILLIS = 1_000;

  private final CallSettings settings;
  private final Quotas quotas;
  private final Events events;
  private final Failures failures;
  private final LiveCalls live = new LiveCalls();
  private final KnownFigures known;

  /** Calls that are admitted by {@code quotas}. */
  public Calls(CallSettings settings, Quotas quotas, Events events, Failures failures) {
    this.settings = settings;
    this.quotas = quotas;
    this.events = events;
    this.failures = failures;
    this.known = new KnownFigures(settings.pricing());
  }

  /** Begins to keep the holds of live calls alive. */
  public void start() {
    events.every(RENEWAL_MILLIS, Failures.Consequence.NOT_RENEWED, this::renewDue);
    events.every(RENEWAL_MILLIS, Failures.Consequence.DENIALS_WAIT, this::countDenials);
  }

  private boolean renewDue() {
    return live.renewDue(error -> failures.contain(Failures.Consequence.NOT_RENEWED, error));
  }

  private boolean countDenials() {
    quotas.countDenials();
    return true;
  }

  /** An admitted call; a refused one is thrown as {@link QuotaExceededException}. */
  public LiveCall begin(CallRequest request) {
    Instant now = settings.now();
    HoldRequest wanted = quotas.holdRequest(settings.newId(now), quotas.completed(request));
    Reservation reservation = quotas.reserve(wanted);
    if (reservation.decision() instanceof Decision.Denied denied) {
      throw new QuotaExceededException(denied);
    }
    LiveCall call =
        new LiveCall(
            new LiveCall.Parts(
                settings,
                wanted.call(),
                wanted.expected(),
                (Hold) reservation.hold().orElseThrow(),
                (Decision.Admitted) reservation.decision(),
                now,
                this::settle,
                events,
                failures,
                known));
    live.add(call);
    return call;
  }

  private Receipt settle(Hold hold, Usage usage, Given given) {
    Receipt receipt;
    try {
      receipt = hold.settle(usage, given);
      failures.worked(Failures.Consequence.NOT_SETTLED);
      failures.worked(Failures.Consequence.OTHER_CALL);
    } catch (RuntimeException | Error e) {
      failures.throwOrContain(Failures.ofSettle(e), e);
      receipt = Failures.notRecorded(usage.id(), usage.cost().orElse(null));
    }
    live.remove(usage.id());
    events.recorded(usage, receipt);
    return receipt;
  }

  /** Renews nothing more, and counts what was not counted yet. */
  @Override
  public void close() {
    live.clear();
    quotas.countDenials();
  }
}
