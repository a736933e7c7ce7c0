package io.llmaccounting.bedrock;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call of an asynchronous client, from the question for room to its record. Safe for use by many
 * threads.
 */
final class PendingCall {
  private final Function<Listening, CompletableFuture<?>> send;
  private final CompletableFuture<@Nullable Object> shown = new CompletableFuture<>();
  private volatile CompletableFuture<?> underWay;
  private volatile @Nullable Exchange admitted;

  private PendingCall(
      Function<Listening, CompletableFuture<?>> send, CompletableFuture<Exchange> admission) {
    this.send = send;
    this.underWay = admission;
  }

  /**
   * Asks for room, and then calls {@code send}. The future that is returned ends once the call is
   * recorded; ending it before gives the call up.
   */
  static CompletableFuture<?> of(
      MeteredRequest request, Function<Listening, CompletableFuture<?>> send) {
    CompletableFuture<Exchange> admission = request.beginAsync();
    PendingCall call = new PendingCall(send, admission);
    CompletionStage<Exchange> asked = admission;
    asked.whenComplete(call::begin);
    CompletionStage<?> end = call.shown;
    end.whenComplete((answer, error) -> call.giveUp(error));
    return call.shown;
  }

  private void begin(@Nullable Exchange exchange, @Nullable Throwable refused) {
    if (exchange == null) {
      shown.completeExceptionally(reason(refused));
      return;
    }
    exchange.unsent();
    admitted = exchange;
    if (shown.isDone()) {
      exchange.cancelled();
      return;
    }
    Listening listening = new Listening(exchange);
    CompletableFuture<?> sent = sent(exchange, listening);
    underWay = sent;
    if (shown.isDone()) {
      sent.cancel(true);
    }
    CompletionStage<?> end = sent;
    end.whenComplete((answer, error) -> ended(exchange, listening, answer, error));
  }

  private CompletableFuture<?> sent(Exchange exchange, Listening listening) {
    CallContext.Scope scope = exchange.open();
    try {
      return send.apply(listening);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      scope.close();
    }
  }

  private void ended(
      Exchange exchange, Listening listening, @Nullable Object answer, @Nullable Throwable error) {
    if (listening.denial() != null) {
      exchange
          .cancelled()
          .whenComplete((done, failure) -> shown.completeExceptionally(listening.denial()));
    } else if (error != null) {
      Throwable reason = reason(error);
      exchange.failed(reason).whenComplete((done, failure) -> shown.completeExceptionally(reason));
    } else {
      CompletionStage<Void> end =
          listening.isGivenUp() ? exchange.cancelled() : exchange.completed();
      end.whenComplete((done, failure) -> show(answer, failure));
    }
  }

  private void show(@Nullable Object answer, @Nullable Throwable failure) {
    if (failure == null) {
      shown.complete(answer);
    } else {
      // a stream was handed out already: there is no answer to carry
      shown.completeExceptionally(
          answer == null
              ? reason(failure)
              : new AnswerNotRecordedException(answer, reason(failure)));
    }
  }

  /** The application wants no answer any more; does nothing where the call has ended. */
  private void giveUp(@Nullable Throwable error) {
    Exchange exchange = admitted;
    if (exchange != null) {
      exchange.cancelled();
    }
    CompletableFuture<?> open = underWay;
    if (shown.isCancelled() || error == null) {
      open.cancel(true);
    } else {
      open.completeExceptionally(error);
    }
  }

  private static Throwable reason(@Nullable Throwable error) {
    Throwable reason = error;
    while (reason instanceof CompletionException && reason.getCause() != null) {
      reason = reason.getCause();
    }
    return reason == null ? new IllegalStateException("it failed without a reason") : reason;
  }
}
