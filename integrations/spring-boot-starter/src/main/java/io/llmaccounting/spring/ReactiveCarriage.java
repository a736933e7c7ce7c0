package io.llmaccounting.spring;

import io.llmaccounting.call.CallContext;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps a context of calls open where a reactive chain runs; loaded only where Reactor is there.
 */
final class ReactiveCarriage {
  /** Under which the context is in that of a reactive chain. */
  static final String KEY = "io.llmaccounting.call-context";

  private ReactiveCarriage() {}

  /** What is returned in place of a chain; anything else as it is. */
  static Object carried(Object returned, CallContext context) {
    if (returned instanceof Mono<?> mono) {
      return mono(mono, context);
    }
    return returned instanceof Flux<?> flux ? flux(flux, context) : returned;
  }

  /**
   * The chain, with the context open on the thread that subscribes, on which most of a chain runs,
   * and on all others where Micrometer's context propagation is there.
   */
  static <T> Mono<T> mono(Mono<T> chain, CallContext context) {
    Mono<T> open =
        new Mono<T>() {
          @Override
          public void subscribe(CoreSubscriber<? super T> subscriber) {
            CallContext.Scope scope = context.open();
            try {
              chain.subscribe(subscriber);
            } finally {
              scope.close();
            }
          }
        };
    return open.contextWrite(reactive -> reactive.put(KEY, context));
  }

  private static <T> Flux<T> flux(Flux<T> chain, CallContext context) {
    Flux<T> open =
        new Flux<T>() {
          @Override
          public void subscribe(CoreSubscriber<? super T> subscriber) {
            CallContext.Scope scope = context.open();
            try {
              chain.subscribe(subscriber);
            } finally {
              scope.close();
            }
          }
        };
    return open.contextWrite(reactive -> reactive.put(KEY, context));
  }
}
