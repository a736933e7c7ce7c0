package io.llmaccounting.http;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * The outermost handler of a metered client that does not wait: reads the body, asks for room,
 * sends. Giving the future of a request up gives up whichever of these is under way. Safe for use
 * by many threads.
 */
final class ApacheAsyncTap implements AsyncExecChainHandler {
  private final Tap tap;

  ApacheAsyncTap(Tap tap) {
    this.tap = tap;
  }

  /**
   * What is to be sent.
   *
   * @param callback who is told of the answer
   */
  private record Sending(
      HttpRequest request,
      AsyncExecChain.Scope scope,
      AsyncExecChain chain,
      AsyncExecCallback callback) {
    void proceed(AsyncEntityProducer body, AsyncExecCallback told) {
      try {
        chain.proceed(request, body, scope, told);
      } catch (IOException | HttpException | RuntimeException e) {
        told.failed(e);
      }
    }

    /** What is under way from now on. */
    <U> CompletionStage<U> next(CompletableFuture<U> future) {
      scope.cancellableDependency.setDependency(() -> future.cancel(true));
      return future;
    }
  }

  /** As the innermost handler: counts requests on the wire. */
  static void countAttempt(
      HttpRequest request,
      @Nullable AsyncEntityProducer body,
      AsyncExecChain.Scope scope,
      AsyncExecChain chain,
      AsyncExecCallback callback)
      throws HttpException, IOException {
    ApacheTap.countAttempt(scope.clientContext);
    chain.proceed(request, body, scope, callback);
  }

  @Override
  public void execute(
      HttpRequest request,
      @Nullable AsyncEntityProducer body,
      AsyncExecChain.Scope scope,
      AsyncExecChain chain,
      AsyncExecCallback callback)
      throws HttpException, IOException {
    RequestTarget target = ApacheTap.target(request, scope.route);
    if (body == null || !tap.concerns(request.getMethod(), target)) {
      chain.proceed(request, body, scope, callback);
      return;
    }
    Sending sending = new Sending(request, GivingUp.within(scope), chain, callback);
    CallContext context = CallContext.current();
    sending
        .next(CollectedEntity.of(body))
        .whenComplete(
            (entity, error) -> {
              if (error == null) {
                begin(sending, entity, target, context);
              } else {
                callback.failed(exception(error));
              }
            });
  }

  private void begin(
      Sending sending, RepeatableEntity entity, RequestTarget target, CallContext context) {
    Optional<MeteredRequest> metered;
    CallContext.Scope scope = context.open();
    try {
      metered = tap.request(target, entity.bytes());
    } catch (RuntimeException e) {
      sending.callback.failed(e);
      return;
    } finally {
      scope.close();
    }
    if (metered.isEmpty()) {
      sending.proceed(entity, sending.callback);
      return;
    }
    sending
        .next(metered.get().beginAsync())
        .whenComplete(
            (exchange, refused) -> {
              if (refused == null) {
                exchanged(sending, entity, exchange);
              } else {
                sending.callback.failed(exception(refused));
              }
            });
  }

  private static void exchanged(Sending sending, RepeatableEntity entity, Exchange exchange) {
    exchange.unsent();
    AsyncExecChain.Scope scope = sending.scope;
    ApacheAsyncAnswer answer = new ApacheAsyncAnswer(exchange, scope, sending.callback);
    scope.cancellableDependency.setDependency(givingUp(exchange));
    if (scope.cancellableDependency.isCancelled()) {
      answer.failed(new InterruptedIOException("the request was cancelled"));
      return;
    }
    scope.clientContext.setAttribute(ApacheTap.EXCHANGE, exchange);
    sending.proceed(entity, answer);
  }

  /** The client need not tell the answer of a stream of HTTP/2 that its request was given up. */
  private static Cancellable givingUp(Exchange exchange) {
    return () -> {
      CompletionStage<Void> unused = exchange.cancelled();
      return false;
    };
  }

  /** What a client can be told of. */
  static Exception exception(Throwable error) {
    Throwable reason =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return reason instanceof Exception known ? known : new IOException(reason);
  }
}
