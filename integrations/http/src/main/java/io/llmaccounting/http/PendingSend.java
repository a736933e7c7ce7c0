package io.llmaccounting.http;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code sendAsync}: reads the body, asks for room, sends. Giving its future up gives
 * up whichever of these is under way.
 *
 * @param <T> what the application makes of the body
 */
final class PendingSend<T> {
  private final HttpClient client;
  private final Tap tap;
  private final BodyHandler<T> handler;
  private final @Nullable PushPromiseHandler<T> pushes;
  private final CallContext context = CallContext.current();
  private final CompletableFuture<HttpResponse<T>> shown = new CompletableFuture<>();
  private final AtomicReference<@Nullable CompletableFuture<?>> underWay = new AtomicReference<>();

  PendingSend(
      HttpClient client, Tap tap, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
    this.client = client;
    this.tap = tap;
    this.handler = handler;
    this.pushes = pushes;
  }

  CompletableFuture<HttpResponse<T>> start(HttpRequest request, HttpRequest.BodyPublisher body) {
    CompletionStage<HttpResponse<T>> end = shown;
    end.whenComplete((response, error) -> giveUp());
    CompletionStage<List<ByteBuffer>> read = next(CollectedBody.of(body));
    read.thenCompose(
            pieces -> begin(MeteredHttpClient.whole(request, pieces, body), pieces, request))
        .whenComplete(this::show);
    return shown;
  }

  /** What is under way from now on. */
  private <U> CompletableFuture<U> next(CompletableFuture<U> future) {
    underWay.set(future);
    if (shown.isDone()) {
      giveUp();
    }
    return future;
  }

  private void giveUp() {
    CompletableFuture<?> open = underWay.get();
    if (open != null) {
      open.cancel(true);
    }
  }

  private CompletableFuture<HttpResponse<T>> begin(
      HttpRequest whole, List<ByteBuffer> pieces, HttpRequest request) {
    Optional<MeteredRequest> metered;
    CallContext.Scope scope = context.open();
    try {
      metered = tap.request(MeteredHttpClient.target(request), pieces);
    } finally {
      scope.close();
    }
    return metered.isEmpty()
        ? next(client.sendAsync(whole, handler, pushes))
        : next(metered.get().beginAsync()).thenCompose(exchange -> send(whole, exchange));
  }

  private CompletableFuture<HttpResponse<T>> send(HttpRequest request, Exchange exchange) {
    HandOut handOut = new HandOut(exchange);
    if (shown.isDone()) {
      exchange.unsent();
      exchange.cancelled();
      return shown;
    }
    exchange.attempted();
    CompletionStage<HttpResponse<T>> sent = next(sent(request, handOut));
    CompletableFuture<HttpResponse<T>> told = new CompletableFuture<>();
    sent.whenComplete(
        (response, error) -> {
          if (error == null) {
            tell(response, handOut, told);
          } else {
            end(exchange, error)
                .whenComplete((ended, failure) -> told.completeExceptionally(error));
          }
        });
    return told;
  }

  /** What the client throws at once is the call's failure as well. */
  private CompletableFuture<HttpResponse<T>> sent(HttpRequest request, HandOut handOut) {
    try {
      return client.sendAsync(request, MeteredHttpClient.tapped(handler, handOut), pushes);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void tell(
      HttpResponse<T> response, HandOut handOut, CompletableFuture<HttpResponse<T>> told) {
    try {
      told.complete(handOut.handOut(response));
    } catch (RuntimeException e) {
      told.completeExceptionally(e);
    }
  }

  private CompletionStage<Void> end(Exchange exchange, Throwable error) {
    return shown.isDone() ? exchange.cancelled() : exchange.failed(error);
  }

  private void show(@Nullable HttpResponse<T> response, @Nullable Throwable error) {
    if (error == null) {
      shown.complete(response);
      return;
    }
    Throwable reason =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    shown.completeExceptionally(
        reason.getCause() instanceof QuotaExceededException denied ? denied : reason);
  }
}
