package io.llmaccounting.tap;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFields;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A call that hands on all that it is told. */
abstract class PassedCall implements LlmCall {
  private final LlmCall call;

  PassedCall(LlmCall call) {
    this.call = call;
  }

  @Override
  public UUID id() {
    return call.id();
  }

  @Override
  public CallRequest request() {
    return call.request();
  }

  @Override
  public Decision.Admitted admission() {
    return call.admission();
  }

  @Override
  public boolean isEnded() {
    return call.isEnded();
  }

  @Override
  public LlmCall describe(Consumer<UsageFields<?>> more) {
    LlmCall unused = call.describe(more);
    return this;
  }

  @Override
  public LlmCall attempted() {
    call.attempted();
    return this;
  }

  @Override
  public LlmCall firstToken() {
    LlmCall unused = call.firstToken();
    return this;
  }

  @Override
  public LlmCall answered(ModelAnswer answer) {
    call.answered(answer);
    return this;
  }

  @Override
  public Decision progress(TokenUsage soFar) {
    return call.progress(soFar);
  }

  @Override
  public Decision textSeen(long characters) {
    return call.textSeen(characters);
  }

  @Override
  public CompletionStage<Decision> progressAsync(TokenUsage soFar) {
    return call.progressAsync(soFar);
  }

  @Override
  public CompletionStage<Decision> textSeenAsync(long characters) {
    return call.textSeenAsync(characters);
  }

  @Override
  public Receipt succeeded(TokenUsage tokens) {
    return call.succeeded(tokens);
  }

  @Override
  public Receipt succeeded(TokenUsage tokens, Cost cost) {
    return call.succeeded(tokens, cost);
  }

  @Override
  public Receipt succeeded(ModelAnswer answer) {
    return call.succeeded(answer);
  }

  @Override
  public CompletionStage<Receipt> succeededAsync(TokenUsage tokens) {
    return call.succeededAsync(tokens);
  }

  @Override
  public CompletionStage<Receipt> succeededAsync(ModelAnswer answer) {
    return call.succeededAsync(answer);
  }

  @Override
  public Receipt failed(Throwable error) {
    return call.failed(error);
  }

  @Override
  public Receipt failed(Throwable error, TokenUsage tokens) {
    return call.failed(error, tokens);
  }

  @Override
  public CompletionStage<Receipt> failedAsync(Throwable error) {
    return call.failedAsync(error);
  }

  @Override
  public Receipt cancelled() {
    return call.cancelled();
  }

  @Override
  public CompletionStage<Receipt> cancelledAsync() {
    return call.cancelledAsync();
  }

  @Override
  public <T, X extends Exception> T ask(ModelCall<T, X> asked) throws X {
    return call.ask(asked);
  }

  @Override
  public void close() {
    call.close();
  }

  @Override
  public CompletionStage<Void> closeAsync() {
    return call.closeAsync();
  }
}
