package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins calls and books their ends. Safe for use by many threads. */
public final class Calls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
  private static final long RENEWAL_MILLIS = 1_000;

  private final CallSettings settings;
  private final Quotas quotas;
  private final Recorder recorder;
  private final Events events;
  private final Failures failures;
  private final LiveCalls live = new LiveCalls();

  /** Calls that are admitted by {@code quotas} and booked by {@code recorder}. */
  public Calls(
      CallSettings settings, Quotas quotas, Recorder recorder, Events events, Failures failures) {
    this.settings = settings;
    this.quotas = quotas;
    this.recorder = recorder;
    this.events = events;
    this.failures = failures;
  }

  /** Begins to keep the holds of live calls alive. */
  public void start() {
    events.every(RENEWAL_MILLIS, live::renewDue);
    events.every(RENEWAL_MILLIS, quotas::countDenials);
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
                quotas.hold(wanted.id()),
                (Decision.Admitted) reservation.decision(),
                now,
                this::settle));
    live.add(call);
    return call;
  }

  private Receipt settle(UUID id, Supplier<Usage> record) {
    Receipt settled =
        failures.guard(
            "call " + id + " was not recorded, and its hold stays until it expires",
            () -> {
              Usage usage = record.get();
              Receipt receipt = recorder.settle(usage).orThrow();
              tell(usage, receipt);
              return receipt;
            },
            () -> Failures.notRecorded(id));
    quotas.roomMayBeFree();
    live.remove(id);
    return settled;
  }

  private void tell(Usage usage, Receipt receipt) {
    events.tell(listener -> listener.recorded(usage, receipt));
    if (usage.outcome() == Outcome.UNFINISHED) {
      LOG.warn(
          "call {} of {} was closed without an end; its hold is given back, its tokens are unknown",
          usage.id(),
          usage.model());
      events.tell(listener -> listener.unfinished(usage));
    }
  }

  /** Renews nothing more, and counts what was not counted yet. */
  @Override
  public void close() {
    live.clear();
    quotas.countDenials();
  }
}
