package io.llmaccounting.tap.internal;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Exchange;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A call of a model while the model makes it, for the layers inside. Open on the thread that calls
 * or subscribes; an HTTP client takes it from there to where the answer comes. Safe for use by many
 * threads.
 */
public final class Underway {
  private static final ThreadLocal<@Nullable Underway> OPEN = new ThreadLocal<>();

  private final Exchange exchange;
  private final CallContext caller;
  private volatile boolean read;
  private volatile boolean cancelling;

  /**
   * Tells of {@code exchange}.
   *
   * @param caller the context in which it was asked for, without its call
   */
  public Underway(Exchange exchange, CallContext caller) {
    this.exchange = exchange;
    this.caller = caller;
  }

  /** The call that this thread makes; empty where what is called belongs to another, or to none. */
  public static Optional<Underway> current() {
    Underway innermost = OPEN.get();
    CallContext context = CallContext.current();
    return innermost != null
            && context.isMetered()
            && context.call().filter(call -> call == innermost.exchange.call()).isPresent()
        ? Optional.of(innermost)
        : Optional.empty();
  }

  /** Opens it on this thread, which closes it. */
  public CallContext.Scope open() {
    CallContext.Scope scope = exchange.open();
    Underway around = OPEN.get();
    OPEN.set(this);
    return () -> {
      if (around == null) {
        OPEN.remove();
      } else {
        OPEN.set(around);
      }
      scope.close();
    };
  }

  /** Where it is told. */
  public Exchange exchange() {
    return exchange;
  }

  /** The context in which it was asked for, without its call. */
  public CallContext caller() {
    return caller;
  }

  /** The HTTP client below tells the exchange the bytes of the answer. */
  public void reads() {
    read = true;
  }

  /** Whether the HTTP client below tells the exchange the bytes of the answer. */
  public boolean isRead() {
    return read;
  }

  /** The application cancels what answers, by {@code cancel}; what that throws, it gets. */
  public void cancel(Runnable cancel) {
    cancelling = true;
    try {
      cancel.run();
    } catch (RuntimeException e) {
      cancelling = false;
      throw e;
    }
    CompletionStage<Void> unused = exchange.cancelled();
  }

  /** Whether the application cancels what answers, so that an error is none. */
  public boolean isCancelling() {
    return cancelling;
  }
}
