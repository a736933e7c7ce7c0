package io.llmaccounting.tap;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.MeteredCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.providers.request.ReadRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model that is about to be sent, in the context that was open when it was made.
 * Immutable. Begin one exchange of it, before the network is touched and outside of what retries.
 */
public final class MeteredRequest {
  private final Tap.Settings settings;
  private final UsageReader answers;
  private final boolean streamed;
  private final CallRequest call;
  private final CallContext context = CallContext.current();
  private final @Nullable MeteredCall outer = context.call().orElse(null);

  MeteredRequest(Tap.Settings settings, ReadRequest read, CallRequest call) {
    this.settings = settings;
    this.answers = settings.answers(read);
    this.streamed = read.streamed();
    this.call = call;
  }

  MeteredRequest(Tap.Settings settings, boolean streamed, CallRequest call) {
    this.settings = settings;
    this.answers =
        settings.provider() == null
            ? UsageReader.create()
            : UsageReader.create().provider(settings.provider());
    this.streamed = streamed;
    this.call = call;
  }

  /** What room is asked for. */
  public CallRequest call() {
    return call;
  }

  /** Whether its answer is streamed. */
  public boolean streamed() {
    return streamed;
  }

  /** Whether a layer further out meters the call that this request belongs to. */
  public boolean isNested() {
    return further() != null;
  }

  /**
   * Begins the call, unless a layer further out has: then its exchange adds to that one.
   *
   * @throws io.llmaccounting.limit.QuotaExceededException if a limit has no room
   * @throws io.llmaccounting.backend.BackendException if the store cannot be reached
   */
  public Exchange begin() {
    MeteredCall further = further();
    if (further != null) {
      return nested(further);
    }
    LlmCall taken = taken();
    return own(taken == null ? settings.meter().begin(call) : taken);
  }

  /**
   * Begins as {@link #begin} does, without waiting: what that throws, the future fails with.
   * Completing or cancelling the future gives the call up.
   */
  public CompletableFuture<Exchange> beginAsync() {
    MeteredCall further = further();
    if (further != null) {
      return CompletableFuture.completedFuture(nested(further));
    }
    LlmCall taken = taken();
    if (taken != null) {
      return CompletableFuture.completedFuture(own(taken));
    }
    CompletableFuture<LlmCall> begun = begun();
    CompletableFuture<Exchange> shown = new CompletableFuture<>();
    CompletionStage<LlmCall> admission = begun;
    admission.whenComplete(
        (admitted, refused) -> {
          if (refused != null) {
            shown.completeExceptionally(Ended.reason(refused));
            return;
          }
          Exchange exchange = own(admitted);
          if (!shown.complete(exchange)) {
            exchange.unsent();
            CompletionStage<Void> unused = exchange.cancelled();
          }
        });
    CompletionStage<Exchange> end = shown;
    end.whenComplete((exchange, error) -> begun.cancel(false));
    return shown;
  }

  private @Nullable MeteredCall further() {
    return outer instanceof OfferedCall ? null : outer;
  }

  /** The call of an annotated method around, if that is the one that is about to be made. */
  private @Nullable LlmCall taken() {
    return outer instanceof OfferedCall offered ? offered.takenFor(call) : null;
  }

  private CompletableFuture<LlmCall> begun() {
    CallContext.Scope scope = context.open();
    try {
      return settings.meter().beginAsync(call).toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      scope.close();
    }
  }

  private Exchange own(LlmCall admitted) {
    return new Exchange(settings, this, new Told(admitted, admitted), context);
  }

  private Exchange nested(MeteredCall further) {
    return new Exchange(settings, this, new Told(further, null), context);
  }

  /** What reads its answer, for an adapter that has the bytes of it at once. */
  public UsageReader answers() {
    return answers;
  }
}
