package io.llmaccounting.internal.calls;

import io.llmaccounting.call.CallListener;
import io.llmaccounting.internal.audit.DenialRecorder;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Plural;
import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners how calls go, and some of it to the log, the meters and the audit log too. */
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  private final Listeners listeners;
  private final Meters meters;
  private final DenialRecorder denials;

  /** Tells {@code listeners}; denials are counted and handed to {@code denials} too. */
  public Events(Listeners listeners, Meters meters, DenialRecorder denials) {
    this.listeners = listeners;
    this.meters = meters;
    this.denials = denials;
  }

  /** Tells that it is asked whether a call may be made. */
  void asked(CallRequest request) {
    listeners.tell(listener -> listener.asked(request));
  }

  /** Tells that a call was admitted. */
  void admitted(UUID id, CallRequest request, Decision.Admitted admission) {
    listeners.tell(listener -> listener.admitted(id, request, admission));
  }

  /** Tells that a call was denied. */
  void denied(CallRequest request, Decision.Denied denied) {
    meters.count(Meters.Count.DENIED);
    listeners.tell(listener -> listener.denied(request, denied));
    denials.denied(request, denied);
  }

  /** Tells what became of a record, unless it was not stored. */
  public void recorded(Usage usage, Receipt receipt) {
    if (receipt.status() == Receipt.Status.NOT_RECORDED) {
      return;
    }
    listeners.tell(listener -> listener.recorded(usage, receipt));
    if (receipt.status() == Receipt.Status.SUPERSEDED) {
      listeners.tell(listener -> listener.late(usage, receipt));
    }
  }

  /** Tells that a call was closed and nobody said how it ended. */
  void unfinished(Usage usage) {
    LOG.warn(
        "call {} of {} was closed without an end; its hold is given back and its tokens are {}",
        usage.id(),
        usage.model(),
        usage.source());
    boolean unused = listeners.tellWatchers(listener -> listener.unfinished(usage));
  }

  /** Tells that calls were booked because their hold expired before anybody told how they ended. */
  public void expired(List<Usage> calls) {
    LOG.warn(
        "{} did not end before the hold expired, {} of {} among them; recorded as UNFINISHED until"
            + " an end is told",
        Plural.of(calls.size(), "call"),
        calls.get(0).id(),
        calls.get(0).model());
    for (Usage call : calls) {
      listeners.tellLater(listener -> listener.unfinished(call));
    }
  }

  /** Tells that an answer had keys that were not understood. */
  void unread(List<String> keys) {
    meters.unread(keys);
  }

  /** Tells every listener. */
  void tell(Consumer<CallListener> event) {
    listeners.tell(event);
  }
}
