package io.llmaccounting.tap;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.ModelCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method that has room and has not been made, as {@link MeteredMethod#beginAsync} hands
 * it out. It is to be {@link #run}, or {@link #giveUp given up}. Safe for use by many threads.
 */
public final class MethodCall {
  private final ReturnTypes types;
  private final @Nullable Exchange exchange;
  private final @Nullable OfferedCall offered;
  private final @Nullable PendingReturn pending;
  private volatile boolean run;

  private MethodCall(ReturnTypes types, @Nullable Exchange exchange, @Nullable Tap tap) {
    LlmCall own = exchange == null ? null : exchange.own();
    this.types = types;
    this.exchange = exchange;
    this.offered = own == null ? null : new OfferedCall(own);
    this.pending =
        exchange == null || tap == null ? null : new PendingReturn(tap, exchange, offered, types);
  }

  /** One that is told to {@code exchange}. */
  static MethodCall metered(Tap tap, Exchange exchange, ReturnTypes types) {
    return new MethodCall(types, exchange, tap);
  }

  /** One of which nothing is recorded. */
  static MethodCall unmetered(ReturnTypes types) {
    return new MethodCall(types, null, null);
  }

  /**
   * Runs the method on this thread, once, as {@link MeteredMethod#call} does.
   *
   * @param declared what the method is declared to return
   * @return what the method returns, or what stands in for it; null if that is null
   * @throws X what the method throws
   */
  public <X extends Exception> @Nullable Object run(
      Class<?> declared, ModelCall<? extends @Nullable Object, X> method) throws X {
    run = true;
    if (exchange == null || pending == null) {
      return method.make();
    }
    CallContext.Scope scope = offered == null ? exchange.open() : exchange.open(offered);
    Object returned;
    try {
      returned = method.make();
    } catch (Throwable e) {
      Exchange.await(pending.thrown(e), e);
      throw e;
    } finally {
      scope.close();
    }
    return types.told(returned, declared, pending);
  }

  /**
   * Nobody wants the answer. A method that has not run has consumed nothing; one whose answer was
   * still to come is cancelled; one that has ended stays as it is.
   *
   * @return done once that is recorded
   */
  public CompletionStage<Void> giveUp() {
    if (exchange == null || pending == null) {
      return CompletableFuture.completedFuture(null);
    }
    if (!run) {
      exchange.unsent();
    }
    return pending.cancelled();
  }
}
