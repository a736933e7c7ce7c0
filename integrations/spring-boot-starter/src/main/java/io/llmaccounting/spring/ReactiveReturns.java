package io.llmaccounting.spring;

import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.tap.PendingReturn;
import io.llmaccounting.tap.ReturnFollower;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Follows what methods return that is Reactor's; loaded only where Reactor is there. */
final class ReactiveReturns implements ReturnFollower {
  @Override
  public Optional<Object> follow(Object returned, PendingReturn pending) {
    if (returned instanceof Mono<?> mono) {
      return Optional.of(mono(mono, pending));
    }
    return returned instanceof Flux<?> flux ? Optional.of(flux(flux, pending)) : Optional.empty();
  }

  private static <T> Mono<T> mono(Mono<T> chain, PendingReturn pending) {
    return chain
        .doOnNext(pending::came)
        .onErrorResume(error -> recorded(pending.failed(error)).then(Mono.error(error)))
        .flatMap(answer -> told(pending, answer).thenReturn(answer))
        .switchIfEmpty(Mono.defer(() -> told(pending, null).then(Mono.empty())))
        .doOnCancel(pending::cancelled);
  }

  private static <T> Flux<T> flux(Flux<T> chain, PendingReturn pending) {
    return chain
        .doOnNext(pending::came)
        .onErrorResume(error -> recorded(pending.failed(error)).then(Mono.<T>error(error)))
        .concatWith(Mono.defer(() -> told(pending, null).then(Mono.<T>empty())))
        .doOnCancel(pending::cancelled);
  }

  // what was answered is handed on once it is recorded, or within what says that it is not
  private static Mono<Void> told(PendingReturn pending, @Nullable Object answer) {
    return recorded(pending.completed())
        .onErrorMap(
            unrecorded -> new AnswerNotRecordedException(answer, Exceptions.unwrap(unrecorded)));
  }

  private static Mono<Void> recorded(CompletionStage<Void> end) {
    return Mono.fromCompletionStage(end);
  }
}
