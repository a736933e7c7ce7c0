package io.llmaccounting.tap.internal;

import io.llmaccounting.tap.Exchange;
import java.util.concurrent.CompletableFuture;

/**
 * How an SDK sends one request, repeats included. Used for one request.
 *
 * @param <R> the SDK's response
 */
public interface Transmission<R> {
  /** Sends, in {@code each} every time, and waits until the answer has begun. */
  R send(Attempt each);

  /** Sends as {@link #send} does, without waiting. */
  CompletableFuture<R> sendAsync(Attempt each);

  /** An answer that has begun, whose body {@code exchange} is told. */
  R tapped(R response, Exchange exchange);

  /** Closes an answer that nobody wants any more. */
  void drop(R response);
}
