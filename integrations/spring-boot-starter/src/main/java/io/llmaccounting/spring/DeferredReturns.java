package io.llmaccounting.spring;

import io.llmaccounting.call.CallContext;
import java.util.concurrent.Callable;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Runs a method that returns a reactive chain once for each subscription: a chain that nobody
 * subscribes to asks no model, and one that is subscribed to again asks again. Loaded only where
 * Reactor is there.
 */
final class DeferredReturns {
  private DeferredReturns() {}

  /** Runs the method again. */
  interface Run {
    @Nullable Object again(MethodInvocation call) throws Exception;
  }

  /** Whether a method that is declared to return this runs when its chain is subscribed to. */
  static boolean isLazy(Class<?> declared) {
    return declared == Mono.class || declared == Flux.class;
  }

  /** A chain that runs {@code call} by {@code run}, in the context of this thread. */
  static Object of(Class<?> declared, Run run, MethodInvocation call) {
    CallContext made = CallContext.current();
    Callable<@Nullable Object> each =
        () -> inside(made, run, ((ProxyMethodInvocation) call).invocableClone());
    return declared == Mono.class ? mono(each) : flux(each);
  }

  private static @Nullable Object inside(CallContext made, Run run, MethodInvocation call)
      throws Exception {
    CallContext.Scope scope = made.open();
    try {
      return run.again(call);
    } finally {
      scope.close();
    }
  }

  private static Mono<?> mono(Callable<@Nullable Object> each) {
    return Mono.defer(
        () -> {
          Object chain = called(each);
          return chain == null ? Mono.empty() : (Mono<?>) chain;
        });
  }

  private static Flux<?> flux(Callable<@Nullable Object> each) {
    return Flux.defer(
        () -> {
          Object chain = called(each);
          return chain == null ? Flux.empty() : (Flux<?>) chain;
        });
  }

  private static @Nullable Object called(Callable<@Nullable Object> each) {
    try {
      return each.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw reactor.core.Exceptions.propagate(e);
    }
  }
}
