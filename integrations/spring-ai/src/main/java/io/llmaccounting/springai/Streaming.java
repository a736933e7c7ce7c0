package io.llmaccounting.springai;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.tap.internal.ToldAnswer;
import io.llmaccounting.tap.internal.Underway;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A stream of a model's answers, metered each time that it is subscribed to. Nothing waits: not for
 * room, nor for a record.
 *
 * @param asked what is asked for room
 * @param source asks; called in the context of the call, once for each subscription
 * @param response what of a piece is to be read; null where it has nothing
 * @param how how the pieces are to be read
 */
record Streaming<T>(
    Asking asking,
    Supplier<CallRequest> asked,
    Supplier<Flux<T>> source,
    Function<T, @Nullable ChatResponse> response,
    Told how) {

  /**
   * How pieces are to be read.
   *
   * @param module whose model it is, see {@link Seller}
   * @param isSum whether they may be those of a loop that nobody sees, and their usage a sum
   */
  record Told(String module, boolean isSum) {}

  /** The stream, for whoever is calling here. */
  Flux<T> metered() {
    CallContext made = CallContext.current();
    return Flux.deferContextual(
        view -> {
          CallContext.Scope caller = Callers.open(view, made);
          try {
            Optional<MeteredRequest> request = asking.request(asked, true);
            return request.isEmpty() ? within(CallContext.current()) : admitted(request.get());
          } finally {
            caller.close();
          }
        });
  }

  private Flux<T> within(CallContext context) {
    return opened(context::open);
  }

  private Flux<T> opened(Supplier<CallContext.Scope> opening) {
    return Flux.from(
        subscriber -> {
          CallContext.Scope scope = opening.get();
          try {
            stream().subscribe(subscriber);
          } finally {
            scope.close();
          }
        });
  }

  private Flux<T> stream() {
    try {
      return source.get();
    } catch (RuntimeException e) {
      return Flux.error(e);
    }
  }

  private Flux<T> admitted(MeteredRequest request) {
    CallContext caller = CallContext.current();
    CompletableFuture<Exchange> admission = request.beginAsync();
    AtomicBoolean sent = new AtomicBoolean();
    return Mono.fromFuture(admission, true)
        .flatMapMany(
            exchange -> {
              sent.set(true);
              return told(new Underway(exchange, caller));
            })
        // before the model hears of it, which may break off and wait for that
        .doOnCancel(() -> giveUp(admission, sent.get()));
  }

  private static void giveUp(CompletableFuture<Exchange> admission, boolean sent) {
    if (!admission.cancel(false) && !admission.isCompletedExceptionally()) {
      Exchange exchange = admission.join();
      if (!sent) {
        exchange.unsent();
      }
      CompletionStage<Void> unused = exchange.cancelled();
    }
  }

  private Flux<T> told(Underway underway) {
    Exchange exchange = underway.exchange();
    StreamedChat answer = new StreamedChat(underway, how);
    return opened(underway::open)
        .doOnNext(piece -> seen(piece, answer))
        .onErrorResume(error -> recorded(exchange.failed(error), error))
        .concatWith(Mono.defer(() -> recorded(exchange, answer)));
  }

  private void seen(T piece, StreamedChat answer) {
    ChatResponse told = response.apply(piece);
    if (told != null) {
      answer.seen(told);
    }
  }

  private Mono<T> recorded(Exchange exchange, StreamedChat answer) {
    ToldAnswer told = Asking.told(answer, false, (whole, isRead) -> whole.end());
    return Mono.fromCompletionStage(asking.completeAsync(exchange, told)).then(Mono.empty());
  }

  /** What could not be recorded does not hide the error. */
  private static <T> Mono<T> recorded(CompletionStage<Void> end, Throwable error) {
    return Mono.fromCompletionStage(end)
        .onErrorResume(
            unrecorded -> {
              if (unrecorded != error) {
                error.addSuppressed(unrecorded);
              }
              return Mono.empty();
            })
        .then(Mono.error(error));
  }
}
