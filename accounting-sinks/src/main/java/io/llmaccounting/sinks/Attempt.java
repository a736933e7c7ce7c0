package io.llmaccounting.sinks;

import io.llmaccounting.backend.OutboxItem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers on a thread of its own, so that a receiver that hangs is given up. While it hangs on
 * nothing else is tried. Confined to one thread, except for {@link #close}.
 */
final class Attempt implements AutoCloseable {
  private final Sink sink;
  private final Duration timeout;
  private final ExecutorService thread;
  private @Nullable Future<Delivery> hanging;

  Attempt(Sink sink, Duration timeout) {
    this.sink = sink;
    this.timeout = timeout;
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread one = new Thread(work, "llm-accounting-sink-" + sink.name() + "-delivery");
              one.setDaemon(true);
              return one;
            });
  }

  /** Says what became of a batch; never throws what the sink throws. */
  Delivery deliver(List<OutboxItem> batch) throws InterruptedException {
    Future<Delivery> before = hanging;
    if (before != null && !ended(before)) {
      return Delivery.later("the delivery before this one hangs, and cannot be interrupted", null);
    }
    Future<Delivery> running = thread.submit(() -> sink.deliver(batch));
    hanging = running;
    try {
      Delivery delivery = running.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return delivery == null ? Delivery.later("the sink returned null", null) : delivery;
    } catch (ExecutionException e) {
      return Delivery.later(reason(e.getCause()), null);
    } catch (TimeoutException e) {
      boolean unused = running.cancel(true);
      return Delivery.later("no answer within %s ms".formatted(timeout.toMillis()), null);
    } catch (InterruptedException e) {
      boolean unused = running.cancel(true);
      throw e;
    }
  }

  // a cancelled future is done at once, its work is not: the next one in the queue would wait for
  // it
  private boolean ended(Future<Delivery> before) throws InterruptedException {
    if (!before.isCancelled()) {
      return before.isDone();
    }
    Future<?> behind = thread.submit(() -> {});
    try {
      behind.get(1, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      boolean unused = behind.cancel(false);
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String reason(@Nullable Throwable failure) {
    if (failure instanceof IOException || failure == null) {
      return failure == null ? "failed" : text(failure);
    }
    return failure.getClass().getSimpleName() + ": " + text(failure);
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
