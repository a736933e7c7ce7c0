package io.llmaccounting.springai;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Exchange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A call of a model while the model makes it, for the layers inside. Open on the thread that calls
 * or subscribes; in a stream it is in Reactor's context, too.
 */
final class Underway {
  private static final ThreadLocal<@Nullable Underway> OPEN = new ThreadLocal<>();

  private final Exchange exchange;
  private final CallContext caller;
  private volatile boolean read;

  /**
   * Tells of {@code exchange}.
   *
   * @param caller the context in which it was asked for, without its call
   */
  Underway(Exchange exchange, CallContext caller) {
    this.exchange = exchange;
    this.caller = caller;
  }

  /** The call that this thread makes; empty where what is called belongs to another, or to none. */
  static Optional<Underway> current() {
    Underway innermost = OPEN.get();
    CallContext context = CallContext.current();
    return innermost != null
            && context.isMetered()
            && context.call().filter(call -> call == innermost.exchange.call()).isPresent()
        ? Optional.of(innermost)
        : Optional.empty();
  }

  /** The call that a stream with this context belongs to. */
  static Optional<Underway> of(ContextView view) {
    return view.getOrEmpty(Underway.class);
  }

  Context in(Context context) {
    return context.put(Underway.class, this);
  }

  /** Opens it on this thread. */
  CallContext.Scope open() {
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

  Exchange exchange() {
    return exchange;
  }

  /** The context in which it was asked for, without its call. */
  CallContext caller() {
    return caller;
  }

  /** The HTTP client below tells the exchange the bytes of the answer. */
  void reads() {
    read = true;
  }

  /** Whether the HTTP client below tells the exchange the bytes of the answer. */
  boolean isRead() {
    return read;
  }
}
