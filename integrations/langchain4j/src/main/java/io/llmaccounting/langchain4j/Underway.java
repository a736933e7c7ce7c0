package io.llmaccounting.langchain4j;

import dev.langchain4j.model.chat.response.StreamingHandle;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Exchange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call of a model while the model makes it, for the HTTP client that lies below. Open on the
 * thread that calls; the HTTP client takes it from there to where the answer comes.
 */
final class Underway implements AutoCloseable {
  private static final ThreadLocal<@Nullable Underway> OPEN = new ThreadLocal<>();

  private final Exchange exchange;
  private final CallContext.Scope scope;
  private final @Nullable Underway around;
  private volatile boolean read;
  private volatile boolean cancelling;

  private Underway(Exchange exchange) {
    this.exchange = exchange;
    this.scope = exchange.open();
    this.around = OPEN.get();
  }

  static Underway open(Exchange exchange) {
    Underway underway = new Underway(exchange);
    OPEN.set(underway);
    return underway;
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

  Exchange exchange() {
    return exchange;
  }

  /** The HTTP client below tells the exchange the bytes of the answer. */
  void reads() {
    read = true;
  }

  /** Whether the HTTP client below tells the exchange the bytes of the answer. */
  boolean isRead() {
    return read;
  }

  /** The application cancels what answers; what that throws, it gets. */
  void cancel(StreamingHandle handle) {
    cancelling = true;
    try {
      handle.cancel();
    } catch (RuntimeException e) {
      cancelling = false;
      throw e;
    }
    exchange.cancelled();
  }

  /** Whether the application cancels what answers, so that an error is none. */
  boolean isCancelling() {
    return cancelling;
  }

  @Override
  public void close() {
    if (around == null) {
      OPEN.remove();
    } else {
      OPEN.set(around);
    }
    scope.close();
  }
}
