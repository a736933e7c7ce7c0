package io.llmaccounting.tap;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Meters methods that ask a model, for whoever intercepts annotated ones. Immutable: each method
 * that adds something returns a copy. Safe for use by many threads.
 *
 * <p>A method of which the model is known is a call of that model ({@link #call}): room is asked
 * for before it runs, and what it returns or throws is recorded. A metered client inside of it that
 * asks the same model makes that very call, and knows best what it used; each further one that it
 * makes is a call of its own. So a method that asks three times leaves three records, one that asks
 * by hand leaves one, and no answer is recorded twice. A client inside that asks another model, or
 * says that another person calls, makes a call of its own, since other limits watch it.
 *
 * <p>A method of which the model is not known only says who calls ({@link #attribute}): what is
 * metered inside is attributed to that, and nothing is recorded of the method itself.
 */
public final class MeteredMethod {
  private final Tap tap;
  private final ReturnTypes types;

  private MeteredMethod(Tap tap, ReturnTypes types) {
    this.tap = tap;
    this.types = types;
  }

  /** Meters by {@code meter}. */
  public static MeteredMethod of(CallMeter meter) {
    return of(Tap.of(meter));
  }

  /**
   * Meters as {@code tap} says, and knows the types that services on the class path declare. One
   * that cannot be loaded is told to the meter, and left out.
   */
  public static MeteredMethod of(Tap tap) {
    Objects.requireNonNull(tap, "tap is required, was null");
    return new MeteredMethod(tap, ReturnTypes.installed(tap.meter()));
  }

  /** Knows one more type, which is asked before those known already. */
  public MeteredMethod reading(ReturnReader reader) {
    return new MeteredMethod(tap, types.reading(reader));
  }

  /** Knows one more type whose answer comes later, which is asked before those known already. */
  public MeteredMethod following(ReturnFollower follower) {
    return new MeteredMethod(tap, types.following(follower));
  }

  /**
   * Runs a method that says who calls: calls that are metered inside, on this thread or where its
   * {@link CallContext} is carried, are attributed to {@code who}.
   *
   * @return what the method returns
   * @throws X what the method throws
   */
  public static <T extends @Nullable Object, X extends Exception> T attribute(
      Attribution who, ModelCall<T, X> method) throws X {
    CallContext.Scope scope = CallContext.of(who).open();
    try {
      return method.make();
    } finally {
      scope.close();
    }
  }

  /**
   * Runs a method that asks a model. What it returns tells what was used where it is a {@link
   * io.llmaccounting.usage.ModelAnswer}, a {@link io.llmaccounting.usage.TokenUsage}, or of a type
   * that a {@link ReturnReader} knows; an {@link Optional}, a {@link
   * java.util.concurrent.CompletionStage} or a {@link java.util.concurrent.Flow.Publisher} of
   * these; or where the method itself tells the call in its {@link CallContext}. Else it is
   * recorded without usage.
   *
   * <p>In an unmetered context the method just runs. Inside of a call that a layer further out
   * meters, it adds to that one.
   *
   * @param request what is asked for; what its attribution leaves open is taken from the context
   * @param declared what the method is declared to return: where the answer comes later, what is
   *     returned is another object, if that is one of these; else the same, and where that cannot
   *     tell of its end, the call ends when the method returns
   * @return what the method returns, or what stands in for it; null if that is null
   * @throws X what the method throws
   * @throws io.llmaccounting.limit.QuotaExceededException if a limit has no room; the method is not
   *     run
   * @throws io.llmaccounting.backend.BackendException if the store cannot be reached; the method is
   *     not run
   * @throws io.llmaccounting.health.AnswerNotRecordedException with the error policy FAIL, if the
   *     answer could not be read or recorded; it carries the answer
   */
  public <X extends Exception> @Nullable Object call(
      CallRequest request, Class<?> declared, ModelCall<? extends @Nullable Object, X> method)
      throws X {
    return begun(request).run(declared, method);
  }

  private MethodCall begun(CallRequest request) {
    Optional<MeteredRequest> metered = tap.request(request, false);
    return metered.isEmpty()
        ? MethodCall.unmetered(types)
        : MethodCall.metered(tap, metered.get().begin(), types);
  }

  /**
   * Asks for room as {@link #call} does, without waiting, for methods that return chains: what it
   * throws, the future fails with. Whoever gets the call runs the method, or gives the call up.
   * Completing or cancelling the future gives it up, too.
   *
   * @param request what is asked for; what its attribution leaves open is taken from the context of
   *     this thread, in which the method will run
   */
  public CompletableFuture<MethodCall> beginAsync(CallRequest request) {
    Optional<MeteredRequest> metered = tap.request(request, false);
    if (metered.isEmpty()) {
      return CompletableFuture.completedFuture(MethodCall.unmetered(types));
    }
    CompletableFuture<Exchange> admission = metered.get().beginAsync();
    CompletableFuture<MethodCall> shown = new CompletableFuture<>();
    CompletionStage<Exchange> begun = admission;
    begun.whenComplete(
        (exchange, refused) -> {
          if (refused != null) {
            shown.completeExceptionally(Ended.reason(refused));
            return;
          }
          MethodCall call = MethodCall.metered(tap, exchange, types);
          if (!shown.complete(call)) {
            CompletionStage<Void> unused = call.giveUp();
          }
        });
    CompletionStage<MethodCall> end = shown;
    end.whenComplete((call, error) -> admission.cancel(false));
    return shown;
  }
}
