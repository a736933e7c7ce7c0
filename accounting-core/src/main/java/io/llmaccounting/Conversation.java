package io.llmaccounting;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.internal.calls.LiveCall;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.usage.ModelAnswer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes a call between its begin and its end, so that no failure of accounting costs the caller an
 * answer or hides what the call threw.
 *
 * @param <T> what the call returns
 */
final class Conversation<T> {
  private final LiveCall begun;
  private final Function<? super T, ModelAnswer> answerOf;
  private final Failures failures;

  Conversation(LiveCall begun, Function<? super T, ModelAnswer> answerOf, Failures failures) {
    this.begun = begun;
    this.answerOf = answerOf;
    this.failures = failures;
  }

  <X extends Exception> T hold(ModelCall<? extends T, X> call) throws X {
    return answered(begun.ask(call));
  }

  CompletionStage<T> holdAsync(Supplier<? extends CompletionStage<? extends T>> call) {
    CompletionStage<? extends T> asked;
    CallContext.Scope scope = CallContext.of(begun).open();
    try {
      asked = Objects.requireNonNull(call.get(), "the call returned no stage");
    } catch (Throwable e) {
      begun.endWith(e);
      return CompletableFuture.failedFuture(e);
    } finally {
      scope.close();
    }
    CompletableFuture<T> told = new CompletableFuture<>();
    asked.whenComplete(
        (result, error) -> {
          try {
            if (error == null) {
              told.complete(answered(result));
            } else {
              begun.endWith(reason(error));
            }
          } catch (Throwable e) {
            told.completeExceptionally(e);
          }
          if (error != null) {
            told.completeExceptionally(reason(error));
          }
        });
    return told;
  }

  private static Throwable reason(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  private T answered(T result) {
    try {
      ModelAnswer answer = read(result);
      begun.succeeded(answer);
    } catch (Throwable e) {
      begun.close();
      throw new AnswerNotRecordedException(result, e);
    }
    return result;
  }

  private ModelAnswer read(T result) {
    ModelAnswer answer;
    try {
      answer = Objects.requireNonNull(answerOf.apply(result), "no usage was found: null");
    } catch (Throwable e) {
      begun.succeeded(ModelAnswer.withoutUsage());
      failures.throwOrContain(Failures.Consequence.ANSWER_NOT_READ, e);
      return ModelAnswer.withoutUsage();
    }
    failures.worked(Failures.Consequence.ANSWER_NOT_READ);
    return answer;
  }
}
