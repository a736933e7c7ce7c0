package io.llmaccounting.tap.internal;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks for room, lets an SDK send, and taps the answer. One for all calls of a blocking service,
 * and one for each call of an asynchronous one. Safe for use by many threads.
 */
public final class Sending {
  private final @Nullable CallContext caller;
  private volatile Runnable underWay = () -> {};
  private volatile boolean givenUp;

  private Sending(@Nullable CallContext caller) {
    this.caller = caller;
  }

  /** Sends for whoever the thread is that sends. */
  static Sending byItsThread() {
    return new Sending(null);
  }

  /** Sends for {@code caller}, on whatever thread. */
  static Sending by(CallContext caller) {
    return new Sending(caller);
  }

  /** Opens, on this thread, the context of who calls. */
  public CallContext.Scope open() {
    return caller == null ? () -> {} : caller.open();
  }

  /**
   * Begins the call and sends it.
   *
   * @throws io.llmaccounting.limit.QuotaExceededException if a limit has no room; nothing is sent
   */
  public <R> R send(MeteredRequest request, Transmission<R> transmission) {
    Exchange exchange = request.begin();
    exchange.unsent();
    R response;
    try {
      response = transmission.send(() -> attempt(exchange));
    } catch (Throwable e) {
      Exchange.await(exchange.brokeOff(e), e);
      throw e;
    }
    return transmission.tapped(response, exchange);
  }

  /** Begins and sends as {@link #send} does, without waiting: what that throws, this fails with. */
  public <R> CompletableFuture<R> sendAsync(MeteredRequest request, Transmission<R> transmission) {
    CompletableFuture<Exchange> admission = request.beginAsync();
    next(() -> admission.cancel(false));
    return admission.thenCompose(exchange -> sendAsync(exchange, transmission));
  }

  private <R> CompletableFuture<R> sendAsync(Exchange exchange, Transmission<R> transmission) {
    exchange.unsent();
    next(exchange::cancelled);
    CompletableFuture<R> sent;
    try {
      sent = transmission.sendAsync(() -> attempt(exchange));
    } catch (RuntimeException | Error e) {
      sent = CompletableFuture.failedFuture(e);
    }
    CompletionStage<R> answer = sent;
    CompletableFuture<R> told = new CompletableFuture<>();
    answer.whenComplete(
        (response, error) -> {
          if (error == null) {
            begun(response, exchange, transmission, told);
          } else {
            exchange
                .failed(error)
                .whenComplete((recorded, failure) -> told.completeExceptionally(error));
          }
        });
    return told;
  }

  private static CallContext.Scope attempt(Exchange exchange) {
    if (exchange.isEnded()) {
      throw new CancellationException("the call was cancelled");
    }
    exchange.attempted();
    return exchange.open();
  }

  private static <R> void begun(
      R response, Exchange exchange, Transmission<R> transmission, CompletableFuture<R> told) {
    if (exchange.isEnded()) {
      transmission.drop(response);
      told.completeExceptionally(new CancellationException("the call was cancelled"));
    } else {
      told.complete(transmission.tapped(response, exchange));
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
}
