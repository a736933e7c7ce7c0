package io.llmaccounting.tap.internal;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.usage.ModelAnswer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Asks a model of a framework as a tap says. Safe for use by many threads.
 *
 * @param tap what is metered, and how
 */
public record Asking(Tap tap) {
  /** Checks that it is there. */
  public Asking {
    Objects.requireNonNull(tap, "tap is required, was null");
  }

  /** Reads an answer. */
  public interface Reading<R> {
    /**
     * Reads {@code answer}.
     *
     * @param isRead whether the HTTP client below has told its bytes
     */
    ToldAnswer of(R answer, boolean isRead);
  }

  /**
   * What is asked for room, in the context of this thread.
   *
   * @return empty if it is not metered, or can not be described: then it passes
   */
  public Optional<MeteredRequest> request(Supplier<CallRequest> asked, boolean streamed) {
    try {
      return tap.request(asked.get(), streamed);
    } catch (RuntimeException e) {
      tap.meter().adapterFailed(e);
      return Optional.empty();
    }
  }

  /**
   * Begins the call, asks, and records the answer as {@code reading} has it.
   *
   * @throws io.llmaccounting.limit.QuotaExceededException if a limit has no room; nobody is asked
   */
  public <R> R ask(MeteredRequest request, Supplier<R> model, Reading<R> reading) {
    CallContext caller = CallContext.current();
    Exchange exchange = begin(request);
    Underway underway = new Underway(exchange, caller);
    R answer;
    CallContext.Scope scope = underway.open();
    try {
      answer = model.get();
    } catch (Throwable e) {
      Exchange.await(exchange.brokeOff(e), e);
      throw e;
    } finally {
      scope.close();
    }
    complete(exchange, told(answer, underway.isRead(), reading));
    return answer;
  }

  /**
   * Begins the call. One whose thread is interrupted while it waits for room is not made.
   *
   * @throws CancellationException if it was; nobody is asked, and the thread stays interrupted
   */
  public static Exchange begin(MeteredRequest request) {
    boolean interruptedBefore = Thread.currentThread().isInterrupted();
    Exchange exchange = request.begin();
    if (!interruptedBefore && Thread.currentThread().isInterrupted()) {
      exchange.unsent();
      CancellationException givenUp =
          new CancellationException("the thread was interrupted while the call waited for room");
      Exchange.await(exchange.cancelled(), givenUp);
      throw givenUp;
    }
    return exchange;
  }

  /** What {@code reading} has of an answer; what that throws is a trouble of it. */
  public static <R> ToldAnswer told(R answer, boolean isRead, Reading<R> reading) {
    try {
      return reading.of(answer, isRead);
    } catch (RuntimeException e) {
      return ToldAnswer.whole(ModelAnswer.withoutUsage(), e);
    }
  }

  /** Records an answer, and then what of it could not be read. */
  public void complete(Exchange exchange, ToldAnswer told) {
    Exchange.await(told.end(exchange));
    troubled(told);
  }

  /** Records as {@link #complete} does, without waiting. */
  public CompletionStage<Void> completeAsync(Exchange exchange, ToldAnswer told) {
    return told.end(exchange).thenRun(() -> troubled(told));
  }

  private void troubled(ToldAnswer told) {
    RuntimeException trouble = told.trouble();
    if (trouble != null) {
      tap.meter().adapterFailed(trouble);
    }
  }
}
