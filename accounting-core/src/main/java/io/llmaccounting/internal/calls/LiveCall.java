package io.llmaccounting.internal.calls;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.Staged;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call under way. One lock guards what is told of it. Safe for many threads. */
public final class LiveCall implements LlmCall {
  private final Parts parts;
  private final CallLock lock = new CallLock();
  private final KeptHold kept;
  private final CallRecord record;
  private final SoFar seen;
  private final CallEnding ending;

  /** Books the record of a call. */
  interface Settler {
    /**
     * Books {@code usage}, of which {@code given} says which times the caller stated; tells nobody.
     */
    CompletableFuture<Settled> settle(
        Way way, Hold hold, Usage usage, Given given, Unpriced unpriced);

    /** Tells listeners and the error handler what became of the record. */
    void tell(Usage usage, Settled settled);
  }

  /**
   * What became of a record.
   *
   * @param contained why it was not booked, where that is kept from the caller; null if it was
   */
  record Settled(Receipt receipt, @Nullable RuntimeException contained) {}

  /**
   * What a live call works with.
   *
   * @param expected what is held for it
   * @param askedAt when it was asked for, by the caller's clock: its id and its record say this
   * @param admittedAt when it was let in, by the same clock: the model is asked from then on
   * @param settler books its record
   * @param known tells what is known where nobody told
   * @param commits books for callers that wait, and for others
   */
  record Parts(
      CallSettings settings,
      CallRequest request,
      Expectation expected,
      Hold hold,
      Decision.Admitted admission,
      Instant askedAt,
      Instant admittedAt,
      Settler settler,
      Events events,
      Failures failures,
      KnownFigures known,
      GroupCommit commits) {

    /** How long the call runs already, without the time that deciding about it took. */
    Duration elapsed() {
      Duration elapsed = Duration.between(admittedAt, settings.now());
      return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }
  }

  /** A call that was just admitted. */
  LiveCall(Parts parts) {
    this.parts = parts;
    this.kept = new KeptHold(parts, lock);
    this.ending = new CallEnding(parts, lock, kept);
    this.record = ending.record();
    this.seen = ending.seen();
  }

  private Way waiting() {
    return parts.commits().waiting();
  }

  private Staged staged() {
    return parts.commits().staged();
  }

  @Override
  public UUID id() {
    return parts.hold().id();
  }

  @Override
  public CallRequest request() {
    return parts.request();
  }

  @Override
  public Decision.Admitted admission() {
    return parts.admission();
  }

  @Override
  public boolean isEnded() {
    return kept.isEnded();
  }

  @Override
  public LlmCall describe(Consumer<UsageFields<?>> more) {
    Described told = new Described();
    more.accept(told);
    lock.run(() -> told.addTo(record));
    return this;
  }

  @Override
  public LlmCall attempted() {
    lock.run(record::attempted);
    return this;
  }

  @Override
  public LlmCall firstToken() {
    Duration elapsed = parts.elapsed();
    boolean first =
        lock.get(
            () -> {
              seen.begin();
              record.streamed(true);
              return record.measuredFirstToken(elapsed);
            });
    if (first) {
      parts.events().tell(listener -> listener.firstToken(id(), request()));
    }
    return this;
  }

  @Override
  public LlmCall answered(ModelAnswer answer) {
    List<String> unread =
        lock.get(
            () -> {
              seen.begin();
              return record.answered(answer);
            });
    parts.events().unread(unread);
    return this;
  }

  @Override
  public Decision progress(TokenUsage soFar) {
    return Stages.join(progress(waiting(), soFar));
  }

  @Override
  public CompletionStage<Decision> progressAsync(TokenUsage soFar) {
    return staged().shown(way -> progress(way, soFar));
  }

  private CompletableFuture<Decision> progress(Way way, TokenUsage soFar) {
    lock.run(() -> seen.tokens(soFar));
    return kept.keepUp(way, soFar);
  }

  @Override
  public Decision textSeen(long characters) {
    return Stages.join(kept.keepUp(waiting(), withText(characters)));
  }

  @Override
  public CompletionStage<Decision> textSeenAsync(long characters) {
    return staged().shown(way -> kept.keepUp(way, withText(characters)));
  }

  private TokenUsage withText(long characters) {
    return lock.get(
        () -> {
          seen.characters(characters);
          return parts.known().withText(seen, kept.figures());
        });
  }

  /** Renews the hold if it is time; called by {@link LiveCalls}, which looks after all calls. */
  CompletableFuture<Boolean> renewIfDue() {
    return kept.renewIfDue(staged());
  }

  @Override
  public Receipt succeeded(TokenUsage tokens) {
    return succeeded(ModelAnswer.of(tokens));
  }

  @Override
  public Receipt succeeded(TokenUsage tokens, Cost cost) {
    lock.run(() -> record.cost(cost));
    return succeeded(tokens);
  }

  @Override
  public Receipt succeeded(ModelAnswer answer) {
    return end(LiveCall::success, answer);
  }

  @Override
  public CompletionStage<Receipt> succeededAsync(TokenUsage tokens) {
    return succeededAsync(ModelAnswer.of(tokens));
  }

  @Override
  public CompletionStage<Receipt> succeededAsync(ModelAnswer answer) {
    return endAsync(LiveCall::success, answer);
  }

  @Override
  public Receipt failed(Throwable error) {
    return end(told -> told.failed(error), null);
  }

  @Override
  public Receipt failed(Throwable error, TokenUsage tokens) {
    return end(told -> told.tokens(tokens).failed(error), null);
  }

  @Override
  public CompletionStage<Receipt> failedAsync(Throwable error) {
    return endAsync(told -> told.failed(error), null);
  }

  @Override
  public Receipt cancelled() {
    return end(LiveCall::cancellation, null);
  }

  @Override
  public CompletionStage<Receipt> cancelledAsync() {
    return endAsync(LiveCall::cancellation, null);
  }

  @Override
  public <T, X extends Exception> T ask(ModelCall<T, X> call) throws X {
    try {
      return found(call);
    } catch (Exception | Error e) {
      endWith(e);
      throw e;
    }
  }

  // the context is closed before an end is told
  private <T, X extends Exception> T found(ModelCall<T, X> call) throws X {
    CallContext.Scope scope = CallContext.of(this).open();
    try {
      return call.make();
    } finally {
      scope.close();
    }
  }

  /** Ends the call with what it threw; what accounting throws meanwhile is added to that. */
  public void endWith(Throwable error) {
    try {
      Receipt unused = error instanceof CancellationException ? cancelled() : failed(error);
    } catch (Throwable unrecorded) {
      if (unrecorded != error) {
        error.addSuppressed(unrecorded);
      }
      close();
    }
  }

  private static void success(Described told) {
    told.outcome(Outcome.SUCCEEDED);
  }

  private static void cancellation(Described told) {
    told.outcome(Outcome.CANCELLED);
  }

  private CompletionStage<Receipt> endAsync(
      Consumer<Described> outcome, @Nullable ModelAnswer answer) {
    return staged()
        .shown(
            way -> Stages.of(() -> ending.end(way, outcome, answer)).exceptionally(this::notEnded));
  }

  private Receipt end(Consumer<Described> outcome, @Nullable ModelAnswer answer) {
    try {
      return Stages.join(ending.end(waiting(), outcome, answer));
    } catch (Throwable e) {
      return notEnded(e);
    }
  }

  // whatever fails, a clock or the machine, costs no application that goes on its answer; the hold
  // of the call expires
  private Receipt notEnded(Throwable error) {
    Throwable reason = Stages.reason(error);
    if (reason instanceof CancellationException givenUp) {
      throw givenUp;
    }
    parts.failures().throwOrContain(Consequence.END_NOT_STORED, reason);
    kept.end();
    return Failures.notRecorded(id(), null);
  }

  @Override
  public void close() {
    try {
      boolean unused = Stages.join(ending.close(waiting()));
    } catch (Throwable e) {
      parts.failures().containClosing(Consequence.END_NOT_STORED, e);
    }
  }

  @Override
  public CompletionStage<Void> closeAsync() {
    return staged().shown(way -> ending.close(way).thenAccept(closed -> {}));
  }

  /**
   * Gives the hold back and leaves no record, because nobody has heard that the call was admitted.
   */
  void withdraw() {
    kept.end();
    parts.hold().withdraw();
  }
}
