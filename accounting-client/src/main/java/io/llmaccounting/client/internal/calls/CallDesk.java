package io.llmaccounting.client.internal.calls;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.client.internal.calls.HoldDesk.Granted;
import io.llmaccounting.client.internal.health.Failures;
import io.llmaccounting.client.internal.health.Listeners;
import io.llmaccounting.client.internal.health.Tally;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Begins calls, and records those that were made already. Safe for use by many threads. */
public final class CallDesk {
  private static final String NOT_ASKED =
      "nobody decided about a call, because the server could not be asked; it goes on without a hold";
  private static final String NOT_STORED = "usage of a call was not stored";

  private final HoldDesk holds;
  private final Stages stages;
  private final Listeners listeners;
  private final Failures failures;
  private final Tally tally;
  private final Map<UUID, RemoteCall> live = new ConcurrentHashMap<>();

  /** Begins calls by {@code holds}; applications are told by the others. */
  public CallDesk(
      HoldDesk holds, Stages stages, Listeners listeners, Failures failures, Tally tally) {
    this.holds = holds;
    this.stages = stages;
    this.listeners = listeners;
    this.failures = failures;
    this.tally = tally;
  }

  /** Begins to keep the holds of calls alive. */
  public void start(ScheduledExecutorService timer) {
    var unused = timer.scheduleWithFixedDelay(this::renewDue, 1, 1, TimeUnit.SECONDS);
  }

  private void renewDue() {
    for (RemoteCall call : live.values()) {
      boolean unused = call.kept().renewIfDue().isDone();
    }
  }

  HoldDesk holds() {
    return holds;
  }

  Stages stages() {
    return stages;
  }

  Listeners listeners() {
    return listeners;
  }

  Failures failures() {
    return failures;
  }

  Tally tally() {
    return tally;
  }

  CallSettings settings() {
    return holds.settings();
  }

  /** How many calls are under way. */
  public long underWay() {
    return live.size();
  }

  /** Renews nothing more. */
  public void close() {
    live.clear();
  }

  void ended(UUID id) {
    live.remove(id);
  }

  void denied(CallRequest request, Decision.Denied denied) {
    tally.count(Tally.Count.DENIED);
    listeners.tell(listener -> listener.denied(request, denied));
  }

  void recorded(Usage usage, Receipt receipt) {
    if (usage.source() == TokenSource.ESTIMATED) {
      tally.count(Tally.Count.ESTIMATED);
    }
    listeners.tell(listener -> listener.recorded(usage, receipt));
    if (receipt.status() == Receipt.Status.SUPERSEDED) {
      listeners.tell(listener -> listener.late(usage, receipt));
    }
  }

  /** A request that was sent to be decided. */
  private record Asked(CallRequest request, UUID ownId, Instant at) {}

  // the key lets the server know a repetition, whatever became of the first request
  private Asked asked(CallRequest request) {
    Instant now = settings().now();
    UUID ownId = settings().newId(now);
    CallRequest completed = holds.attributed(request);
    CallRequest keyed = completed.key() == null ? completed.key(ownId.toString()) : completed;
    listeners.tell(listener -> listener.asked(keyed));
    return new Asked(keyed, ownId, now);
  }

  /** Begins a call, see {@link io.llmaccounting.call.CallMeter#begin}. */
  public LlmCall begin(CallRequest request) {
    Asked asked = asked(request);
    try {
      return begun(asked, Stages.join(holds.reserve(asked.request())), null);
    } catch (QuotaExceededException e) {
      throw e;
    } catch (RuntimeException e) {
      return begun(asked, null, e);
    }
  }

  /** Begins a call without waiting; whoever completes or cancels the stage gives the call up. */
  public CompletionStage<LlmCall> beginAsync(CallRequest request) {
    Asked asked;
    try {
      asked = asked(request);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Granted> granting = holds.reserve(asked.request());
    CompletableFuture<LlmCall> shown = new CompletableFuture<>();
    boolean unused =
        granting
            .whenComplete(
                (granted, failure) -> stages.run(() -> show(shown, asked, granted, failure)))
            .isDone();
    return shown;
  }

  private void show(
      CompletableFuture<LlmCall> shown,
      Asked asked,
      @Nullable Granted granted,
      @Nullable Throwable failure) {
    if (shown.isDone()) {
      withdraw(granted);
      return;
    }
    try {
      LlmCall call = begun(asked, granted, failure == null ? null : Stages.known(failure));
      if (!shown.complete(call)) {
        live.remove(call.id());
        withdraw(granted);
      }
    } catch (Throwable e) {
      shown.completeExceptionally(e);
    }
  }

  private void withdraw(@Nullable Granted granted) {
    if (granted != null && granted.id() != null) {
      holds.withdraw(granted.id());
    }
  }

  private LlmCall begun(
      Asked asked, @Nullable Granted granted, @Nullable RuntimeException failure) {
    if (granted == null) {
      RuntimeException why = failure == null ? new IllegalStateException("no answer") : failure;
      if (why instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      failures.throwOrContain(NOT_ASKED, why);
      return call(asked, asked.ownId(), new Decision.Admitted(List.of(), List.of()), false);
    }
    failures.worked(NOT_ASKED);
    if (granted.decision() instanceof Decision.Denied denied) {
      denied(asked.request(), denied);
      throw new QuotaExceededException(denied, asked.request());
    }
    UUID id = java.util.Objects.requireNonNull(granted.id(), "it was let in");
    return call(asked, id, (Decision.Admitted) granted.decision(), true);
  }

  private LlmCall call(Asked asked, UUID id, Decision.Admitted admission, boolean held) {
    KeptHold kept = new KeptHold(holds, id, asked.request(), asked.at(), held);
    Instant startedAt = held ? io.llmaccounting.usage.UsageId.timeOf(id) : asked.at();
    RemoteCall call =
        new RemoteCall(
            new CallParts(id, asked.request(), admission, kept, startedAt, settings().now(), this));
    live.put(id, call);
    listeners.tell(listener -> listener.admitted(id, asked.request(), admission));
    return call;
  }

  private Usage attributed(Usage usage) {
    Attribution completed = usage.attribution().orElse(settings().known());
    return completed.equals(usage.attribution()) ? usage : usage.withAttribution(completed);
  }

  /** Records a call that was made without asking first. */
  public Receipt track(Usage usage) {
    Usage made = attributed(usage);
    CompletableFuture<Receipt> storing = holds.record(made, false);
    listeners.tell(listener -> listener.ended(made));
    try {
      return tracked(made, Stages.join(storing), null);
    } catch (RuntimeException e) {
      return tracked(made, null, e);
    }
  }

  /** Records a call without waiting. */
  public CompletionStage<Receipt> trackAsync(Usage usage) {
    Usage made = attributed(usage);
    CompletableFuture<Receipt> storing = holds.record(made, false);
    listeners.tell(listener -> listener.ended(made));
    return stages.shown(storing, (receipt, failure) -> tracked(made, receipt, failure));
  }

  private Receipt tracked(
      Usage usage, @Nullable Receipt receipt, @Nullable RuntimeException failure) {
    if (receipt != null) {
      failures.worked(NOT_STORED);
      recorded(usage, receipt);
      return receipt;
    }
    failures.throwOrContain(
        NOT_STORED, failure == null ? new IllegalStateException("no outcome") : failure);
    return new Receipt(
        usage.id(), usage.cost().orElse(null), Receipt.Status.NOT_RECORDED, List.of());
  }
}
