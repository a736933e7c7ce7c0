package io.llmaccounting.server.gateway;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.tap.Exchange;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a request to whoever meters it; nobody, where no model is asked. On the event
 * loop of its request.
 */
final class Metering {
  /** Of a request that asks no model. */
  static final Metering NONE = new Metering(null);

  private final @Nullable Exchange exchange;

  private Metering(@Nullable Exchange exchange) {
    this.exchange = exchange;
  }

  /** Of a call that was admitted, and of which nothing was sent yet. */
  static Metering of(Exchange exchange) {
    exchange.unsent();
    return new Metering(exchange);
  }

  /** The id that the call is recorded under; null where none is. */
  @Nullable UUID id() {
    return exchange == null ? null : exchange.call().id();
  }

  /** How the limits stand that watch the call, most constrained first. */
  List<LimitStatus> limits() {
    return exchange != null && exchange.call() instanceof LlmCall own
        ? own.admission().limits()
        : List.of();
  }

  /** A request goes out on the wire. */
  void attempted() {
    if (exchange != null) {
      exchange.attempted();
    }
  }

  /** The answer has begun. */
  void responded(int status, @Nullable String contentType, @Nullable String contentEncoding) {
    if (exchange != null) {
      exchange.responded(status, contentType, contentEncoding);
    }
  }

  /**
   * The next piece of the answer, as it came.
   *
   * @throws io.llmaccounting.limit.QuotaExceededException if it has outgrown a limit; the call was
   *     ended
   */
  void feed(Buffer piece) {
    if (exchange != null) {
      byte[] bytes = piece.getBytes();
      exchange.feed(bytes, 0, bytes.length);
    }
  }

  /** The answer has come to its end. Done once that is recorded. */
  Future<Void> completed(Context context) {
    return exchange == null
        ? Future.succeededFuture()
        : Future.fromCompletionStage(exchange.completed(), context);
  }

  /** Something failed. Done once that is recorded. */
  Future<Void> failed(Throwable reason, Context context) {
    return exchange == null
        ? Future.succeededFuture()
        : Future.fromCompletionStage(exchange.failed(reason), context);
  }

  /** Nobody wants the answer any more. Done once that is recorded. */
  Future<Void> cancelled(Context context) {
    return exchange == null
        ? Future.succeededFuture()
        : Future.fromCompletionStage(exchange.cancelled(), context);
  }
}
