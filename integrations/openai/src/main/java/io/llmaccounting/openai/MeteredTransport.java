package io.llmaccounting.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks for room, sends, and taps the answer. One for all calls of a blocking service, and one for
 * each call of an asynchronous one. Safe for use by many threads.
 */
final class MeteredTransport implements HttpClient {
  private final Tap tap;
  private final Wire wire;
  private final @Nullable CallContext context;
  private volatile Runnable underWay = () -> {};
  private volatile boolean givenUp;

  /**
   * Sends through {@code wire}.
   *
   * @param context who calls; null if it is the thread that sends who does
   */
  MeteredTransport(Tap tap, Wire wire, @Nullable CallContext context) {
    this.tap = tap;
    this.wire = wire;
    this.context = context;
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    Outgoing out = outgoing(request);
    return out.metered().isEmpty()
        ? wire.counting(() -> {}).execute(out.request(), options)
        : execute(out, options, out.metered().get().begin());
  }

  private HttpResponse execute(Outgoing out, RequestOptions options, Exchange exchange) {
    CallContext.Scope scope = exchange.open();
    HttpResponse response;
    try {
      response = wire.counting(exchange::attempted).execute(out.request(), options);
    } catch (Throwable e) {
      settle(isInterrupted(e) ? exchange.cancelled() : exchange.failed(e), e);
      throw e;
    } finally {
      scope.close();
    }
    return TappedResponse.of(response, exchange, out.hidden());
  }

  private static boolean isInterrupted(Throwable error) {
    return error instanceof InterruptedException
        || (Thread.currentThread().isInterrupted()
            && error.getCause() instanceof InterruptedIOException cause
            && !(cause instanceof SocketTimeoutException));
  }

  /** What failed is not hidden by what could not be recorded of it. */
  private static void settle(CompletionStage<Void> recorded, Throwable error) {
    try {
      Exchange.await(recorded);
    } catch (RuntimeException e) {
      if (e != error) {
        error.addSuppressed(e);
      }
    }
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    Outgoing out = outgoing(request);
    if (out.metered().isEmpty()) {
      return wire.counting(() -> {}).executeAsync(out.request(), options);
    }
    MeteredRequest metered = out.metered().get();
    CompletableFuture<Exchange> admission = metered.beginAsync();
    next(() -> admission.cancel(false));
    return admission.thenCompose(exchange -> executeAsync(out, options, exchange));
  }

  private CompletableFuture<HttpResponse> executeAsync(
      Outgoing out, RequestOptions options, Exchange exchange) {
    next(exchange::cancelled);
    CallContext.Scope scope = exchange.open();
    CompletableFuture<HttpResponse> sent;
    try {
      sent = wire.counting(() -> attempt(exchange)).executeAsync(out.request(), options);
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedFuture(e);
    } finally {
      scope.close();
    }
    CompletionStage<HttpResponse> answer = sent;
    CompletableFuture<HttpResponse> told = new CompletableFuture<>();
    answer.whenComplete(
        (response, error) -> {
          if (error == null) {
            begun(response, exchange, out, told);
          } else {
            exchange
                .failed(error)
                .whenComplete((recorded, failure) -> told.completeExceptionally(error));
          }
        });
    return told;
  }

  private static void attempt(Exchange exchange) {
    if (exchange.isEnded()) {
      throw new CancellationException("the call was cancelled");
    }
    exchange.attempted();
  }

  private static void begun(
      HttpResponse response,
      Exchange exchange,
      Outgoing out,
      CompletableFuture<HttpResponse> told) {
    if (exchange.isEnded()) {
      response.close();
      told.completeExceptionally(new CancellationException("the call was cancelled"));
    } else {
      told.complete(TappedResponse.of(response, exchange, out.hidden()));
    }
  }

  private Outgoing outgoing(HttpRequest request) {
    CallContext.Scope scope = context == null ? null : context.open();
    try {
      return Outgoing.of(request, tap, wire.usage());
    } finally {
      if (scope != null) {
        scope.close();
      }
    }
  }

  /** What is to be done from now on where the call is given up. */
  private void next(Runnable stop) {
    underWay = stop;
    if (givenUp) {
      stop.run();
    }
  }

  /** The application wants no answer any more. */
  void giveUp() {
    givenUp = true;
    underWay.run();
  }

  /** The transport belongs to the client that was given, which is closed by itself. */
  @Override
  public void close() {}
}
