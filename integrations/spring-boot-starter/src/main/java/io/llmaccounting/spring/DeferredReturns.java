package io.llmaccounting.spring;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.MethodCall;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Runs a method that returns a reactive chain once for each subscription: a chain that nobody
 * subscribes to asks no model, and one that is subscribed to again asks again. No thread waits for
 * room, because whoever subscribes may have none to spare. Loaded only where Reactor is there.
 */
final class DeferredReturns {
  private DeferredReturns() {}

  /** Runs the method, which has room. */
  interface Run {
    @Nullable Object by(MethodCall admitted, MethodInvocation call) throws Exception;
  }

  /** Whether a method that is declared to return this runs when its chain is subscribed to. */
  static boolean isLazy(Class<?> declared) {
    return declared == Mono.class || declared == Flux.class;
  }

  /** A chain that asks {@code room} and runs {@code call} by {@code run}, in this context. */
  static Object of(
      Class<?> declared,
      Supplier<CompletableFuture<MethodCall>> room,
      Run run,
      MethodInvocation call) {
    CallContext made = CallContext.current();
    Mono<CompletableFuture<MethodCall>> asked = Mono.fromCallable(() -> inside(made, room::get));
    return declared == Mono.class
        ? asked.flatMap(
            admission ->
                returned(made, admission, run, call)
                    .flatMap(chain -> (Mono<?>) chain)
                    .doOnCancel(() -> giveUp(admission)))
        : asked.flatMapMany(
            admission ->
                returned(made, admission, run, call)
                    .flatMapMany(chain -> (Flux<?>) chain)
                    .doOnCancel(() -> giveUp(admission)));
  }

  /** What the method returns once it has room; empty where that is null. */
  private static Mono<Object> returned(
      CallContext made, CompletableFuture<MethodCall> admission, Run run, MethodInvocation call) {
    return Mono.fromFuture(admission, true)
        .flatMap(
            admitted ->
                Mono.fromCallable(
                    () ->
                        inside(
                            made,
                            () ->
                                run.by(
                                    admitted, ((ProxyMethodInvocation) call).invocableClone()))));
  }

  private static <T extends @Nullable Object> T inside(CallContext made, Callable<T> task)
      throws Exception {
    CallContext.Scope scope = made.open();
    try {
      return task.call();
    } finally {
      scope.close();
    }
  }

  private static void giveUp(CompletableFuture<MethodCall> admission) {
    if (!admission.cancel(false) && !admission.isCompletedExceptionally()) {
      CompletionStage<Void> unused = admission.join().giveUp();
    }
  }
}
