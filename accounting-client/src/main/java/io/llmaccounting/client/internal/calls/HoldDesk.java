package io.llmaccounting.client.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.client.internal.recording.Outbox;
import io.llmaccounting.client.internal.wire.ProblemException;
import io.llmaccounting.client.internal.wire.Question;
import io.llmaccounting.client.internal.wire.Reach;
import io.llmaccounting.client.internal.wire.Wire;
import io.llmaccounting.json.CallRequestLine;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the server for room, and gives it back. Safe for use by many threads. */
public final class HoldDesk {
  private static final Logger LOG = LoggerFactory.getLogger(HoldDesk.class);
  private static final String RESERVATIONS = "/v1/meter/reservations";

  private final Wire wire;
  private final Reach reach;
  private final Outbox outbox;
  private final CallSettings settings;
  private final LongSupplier nanos;

  /** Asks by {@code wire}, and records ends by {@code outbox}. */
  public HoldDesk(
      Wire wire, Reach reach, Outbox outbox, CallSettings settings, LongSupplier nanos) {
    this.wire = wire;
    this.reach = reach;
    this.outbox = outbox;
    this.settings = settings;
    this.nanos = nanos;
  }

  /**
   * What was decided of a request.
   *
   * @param id of what is held; null where it was refused
   */
  record Granted(@Nullable UUID id, Decision decision) {}

  CallSettings settings() {
    return settings;
  }

  /** The request with what it lacks of its attribution. */
  CallRequest attributed(CallRequest request) {
    return request.attribution(request.attribution().orElse(settings.known()));
  }

  /** Asks whether a call may be made, and holds nothing. */
  CompletableFuture<Decision> check(CallRequest request) {
    return ask(asking("/v1/meter/validate", request), settings.timeout())
        .thenApply(answer -> Verdict.read(answer, settings.now()));
  }

  private static Question asking(String path, CallRequest request) {
    return Question.post(path, to -> CallRequestLine.writeFields(to, request));
  }

  /**
   * Asks whether a call may be made, and holds room for it. An answer that comes once nobody waits
   * for it any more is given back.
   */
  CompletableFuture<Granted> reserve(CallRequest request) {
    Question question = asking(RESERVATIONS, request);
    long begun = nanos.getAsLong();
    CompletableFuture<Granted> granted = new CompletableFuture<>();
    boolean unused =
        ask(question, settings.timeout().multipliedBy(2))
            .exceptionallyCompose(failure -> again(question, failure, begun))
            .thenApply(this::granted)
            .whenComplete(
                (answer, failure) -> {
                  if (failure != null) {
                    granted.completeExceptionally(Wire.reason(failure));
                  } else if (!granted.complete(answer) && answer.id() != null) {
                    withdraw(answer.id());
                  }
                })
            .isDone();
    return granted
        .orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(inTime(failure)));
  }

  private Throwable inTime(Throwable failure) {
    Throwable reason = Wire.reason(failure);
    return reason instanceof java.util.concurrent.TimeoutException
        ? new BackendException(
            BackendException.Kind.UNAVAILABLE,
            "the accounting server did not decide within " + settings.timeout(),
            reason)
        : reason;
  }

  // what a first request may hold is known by its key, and never counts beside what the second
  // holds
  // once the call is recorded
  private CompletableFuture<JsonFields> again(Question question, Throwable failure, long begun) {
    Duration left = settings.timeout().minusNanos(nanos.getAsLong() - begun);
    boolean unsure =
        Wire.reason(failure) instanceof ProblemException problem
            && problem.kind() == ProblemException.Kind.UNSURE;
    return unsure && !left.isNegative() && !left.isZero() && !reach.isOpen()
        ? ask(question, left)
        : CompletableFuture.failedFuture(failure);
  }

  private Granted granted(JsonFields answer) {
    Decision decision = Verdict.read(answer.object("verdict"), settings.now());
    return new Granted(decision.isAdmitted() ? answer.id("id") : null, decision);
  }

  /** Raises what is held to {@code total}. */
  CompletableFuture<Decision> grow(UUID id, CallRequest total) {
    return ask(asking(RESERVATIONS + "/" + id + "/grow", total), settings.timeout())
        .thenApply(answer -> Verdict.read(answer.object("verdict"), settings.now()));
  }

  /** Lets what is held live for its full time from now. */
  CompletableFuture<Instant> renew(UUID id) {
    return ask(Question.post(RESERVATIONS + "/" + id + "/renew"), settings.timeout())
        .thenApply(answer -> answer.instant("expires_at"));
  }

  /** Gives back what is held; what is gone already stays so. */
  CompletableFuture<Boolean> release(UUID id) {
    return ask(Question.post(RESERVATIONS + "/" + id + "/release"), settings.timeout())
        .handle(
            (answer, failure) -> {
              if (failure == null || isGone(failure)) {
                return true;
              }
              throw new java.util.concurrent.CompletionException(Wire.reason(failure));
            });
  }

  static boolean isGone(Throwable failure) {
    return Wire.reason(failure) instanceof ProblemException problem
        && (problem.kind() == ProblemException.Kind.GONE
            || problem.kind() == ProblemException.Kind.CONFLICT);
  }

  /** Gives back what is held for whoever has given up. */
  void withdraw(UUID id) {
    boolean unused =
        release(id)
            .whenComplete(
                (released, failure) -> {
                  if (failure != null) {
                    LOG.warn(
                        "the hold {} of a call that was given up stays until it expires: {}",
                        id,
                        Wire.reason(failure).toString());
                  }
                })
            .isDone();
  }

  /** Records a call, and gives back what is held for it where something is. */
  CompletableFuture<Receipt> record(Usage usage, boolean held) {
    return outbox.take(usage, held);
  }

  /** Asks once, unless the server is left alone for now. */
  public CompletableFuture<JsonFields> ask(Question question, Duration most) {
    if (!reach.mayAsk()) {
      return CompletableFuture.failedFuture(
          new BackendException(
              BackendException.Kind.UNREACHABLE,
              "the accounting server is away, and is asked again soon: " + reach.state().reason()));
    }
    return wire.ask(question, most)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null
                  && Wire.reason(failure) instanceof ProblemException problem
                  && problem.isOutage()) {
                reach.failed(problem);
              } else {
                reach.worked();
              }
            });
  }
}
