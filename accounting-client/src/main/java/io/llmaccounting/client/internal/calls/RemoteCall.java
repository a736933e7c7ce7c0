package io.llmaccounting.client.internal.calls;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFields;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A call under way, of which the server knows what is held. Safe for use by many threads. */
final class RemoteCall implements LlmCall {
  private static final String NOT_GROWN = "the hold of a call could not keep up with the answer";

  private final CallParts parts;
  private final CallEnding ending;

  RemoteCall(CallParts parts) {
    this.parts = parts;
    this.ending = new CallEnding(parts);
  }

  @Override
  public UUID id() {
    return parts.id();
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
    return parts.kept().isEnded();
  }

  KeptHold kept() {
    return parts.kept();
  }

  // said once to a record of nothing, so that a wrong word fails here and changes nothing
  @Override
  public LlmCall describe(Consumer<UsageFields<?>> more) {
    more.accept(CallRecord.ofNothing());
    ending.tell(more::accept);
    return this;
  }

  @Override
  public LlmCall attempted() {
    ending.tell(CallRecord::attempted);
    return this;
  }

  @Override
  public LlmCall firstToken() {
    if (ending.firstToken()) {
      parts.desk().listeners().tell(listener -> listener.firstToken(id(), request()));
    }
    return this;
  }

  @Override
  public LlmCall answered(ModelAnswer answer) {
    List<String> unread = ending.answered(answer);
    parts.desk().tally().unread(unread);
    return this;
  }

  @Override
  public Decision progress(TokenUsage soFar) {
    return waited(ending.progress(soFar));
  }

  @Override
  public CompletionStage<Decision> progressAsync(TokenUsage soFar) {
    return shown(ending.progress(soFar));
  }

  @Override
  public Decision textSeen(long characters) {
    return waited(ending.textSeen(characters));
  }

  @Override
  public CompletionStage<Decision> textSeenAsync(long characters) {
    return shown(ending.textSeen(characters));
  }

  private Decision waited(CompletableFuture<Decision> asked) {
    try {
      return told(Stages.join(asked));
    } catch (RuntimeException e) {
      return unchanged(e);
    }
  }

  private CompletionStage<Decision> shown(CompletableFuture<Decision> asked) {
    return parts
        .desk()
        .stages()
        .shown(
            asked,
            (decision, failure) ->
                decision == null ? unchanged(required(failure)) : told(decision));
  }

  private static RuntimeException required(
      @org.jspecify.annotations.Nullable RuntimeException failure) {
    return failure == null
        ? new IllegalStateException("neither an outcome nor a failure")
        : failure;
  }

  private Decision told(Decision decision) {
    if (decision instanceof Decision.Denied denied) {
      parts.desk().denied(request(), denied);
    }
    return decision;
  }

  private Decision unchanged(RuntimeException failure) {
    parts.desk().failures().throwOrContain(NOT_GROWN, failure);
    return new Decision.Admitted(List.of(), List.of());
  }

  @Override
  public Receipt succeeded(TokenUsage tokens) {
    return succeeded(ModelAnswer.of(tokens));
  }

  @Override
  public Receipt succeeded(TokenUsage tokens, Cost cost) {
    describe(more -> more.cost(cost));
    return succeeded(tokens);
  }

  @Override
  public Receipt succeeded(ModelAnswer answer) {
    return ending.end(
        told -> {
          told.outcome(Outcome.SUCCEEDED);
          told.answer(answer);
          parts.desk().tally().unread(answer.unread());
        });
  }

  @Override
  public CompletionStage<Receipt> succeededAsync(TokenUsage tokens) {
    return succeededAsync(ModelAnswer.of(tokens));
  }

  @Override
  public CompletionStage<Receipt> succeededAsync(ModelAnswer answer) {
    return ending.endAsync(
        told -> {
          told.outcome(Outcome.SUCCEEDED);
          told.answer(answer);
          parts.desk().tally().unread(answer.unread());
        });
  }

  @Override
  public Receipt failed(Throwable error) {
    return ending.end(told -> told.failed(error));
  }

  @Override
  public Receipt failed(Throwable error, TokenUsage tokens) {
    return ending.end(told -> told.tokens(tokens).failed(error));
  }

  @Override
  public CompletionStage<Receipt> failedAsync(Throwable error) {
    return ending.endAsync(told -> told.failed(error));
  }

  @Override
  public Receipt cancelled() {
    return ending.end(told -> told.outcome(Outcome.CANCELLED));
  }

  @Override
  public CompletionStage<Receipt> cancelledAsync() {
    return ending.endAsync(told -> told.outcome(Outcome.CANCELLED));
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
  void endWith(Throwable error) {
    try {
      Receipt unused = error instanceof CancellationException ? cancelled() : failed(error);
    } catch (RuntimeException unrecorded) {
      if (unrecorded != error) {
        error.addSuppressed(unrecorded);
      }
      close();
    }
  }

  @Override
  public void close() {
    ending.close();
  }

  @Override
  public CompletionStage<Void> closeAsync() {
    return ending.closeAsync();
  }
}
