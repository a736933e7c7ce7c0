package io.llmaccounting.anthropic;

import com.anthropic.core.http.AsyncStreamResponse;
import io.llmaccounting.tap.contract.TapClient;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The events of an asynchronous stream, each handed over when it is asked for. */
final class PushedStream<T> implements TapClient.Stream {
  private static final long PATIENCE = 30;

  private final AsyncStreamResponse<T> answer;
  private final SynchronousQueue<Optional<String>> events = new SynchronousQueue<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile @Nullable Throwable failure;

  PushedStream(AsyncStreamResponse<T> answer) {
    this.answer =
        answer.subscribe(
            new AsyncStreamResponse.Handler<>() {
              @Override
              public void onNext(T event) {
                hand(Optional.of(event.toString()));
              }

              @Override
              public void onComplete(Optional<Throwable> error) {
                failure = error.orElse(null);
                hand(Optional.empty());
              }
            });
  }

  private void hand(Optional<String> event) {
    try {
      boolean taken = false;
      while (!taken && !closed.isDone()) {
        taken = events.offer(event, 20, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public @Nullable String next() throws Exception {
    Optional<String> event = events.poll(PATIENCE, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event came");
    }
    Throwable error = failure;
    if (event.isEmpty() && error != null) {
      Throwable reason = error.getCause() != null && isWrapper(error) ? error.getCause() : error;
      throw reason instanceof Exception known ? known : new IllegalStateException(reason);
    }
    return event.orElse(null);
  }

  private static boolean isWrapper(Throwable error) {
    return error instanceof java.util.concurrent.CompletionException;
  }

  @Override
  public void close() {
    closed.complete(null);
    answer.close();
  }
}
