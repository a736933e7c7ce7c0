package io.llmaccounting.tap;

import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.usage.ModelAnswer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a method is still to return that asks a model. Tell it what comes, then one end: {@link
 * #completed}, {@link #failed} or {@link #cancelled}. Further ends are ignored. Where a metered
 * client inside of the method has made the call, nothing is told twice. Safe for use by many
 * threads, while pieces come one after the other.
 *
 * <p>An end returns a stage that is done once the call is recorded. It fails only where the
 * application is to hear of what could not be recorded (error policy FAIL).
 */
public final class PendingReturn {
  private final Exchange exchange;
  private final @Nullable OfferedCall offered;
  private final ReturnTypes types;
  private final Tap tap;
  private volatile @Nullable ModelAnswer answer;
  private volatile @Nullable Throwable trouble;
  private final AtomicLong characters = new AtomicLong();

  PendingReturn(Tap tap, Exchange exchange, @Nullable OfferedCall offered, ReturnTypes types) {
    this.tap = tap;
    this.exchange = exchange;
    this.offered = offered;
    this.types = types;
  }

  /**
   * A piece of the answer, or all of it, has come. Of several that tell tokens the last counts:
   * they tell those of the whole answer. Where none does, tokens are estimated from the text of
   * pieces that are text. What no reader knows is ignored. Throws nothing.
   */
  public void came(Object piece) {
    if (trouble != null) {
      return;
    }
    try {
      Optional<ModelAnswer> read = types.read(piece);
      if (read.isPresent() && (answer == null || read.get().tokens() != null)) {
        answer = read.get();
      }
      if (read.isEmpty() && piece instanceof CharSequence text) {
        characters.addAndGet(text.length());
      }
    } catch (RuntimeException | LinkageError e) {
      trouble = e;
    }
  }

  /** The first piece of a streamed answer has come. */
  void begun() {
    if (offered == null || !offered.isEnded()) {
      exchange.firstToken();
    }
  }

  /** What was returned cannot be read; the first reason counts. */
  void unread(Throwable reason) {
    trouble = trouble == null ? reason : trouble;
  }

  /** All has come. */
  public CompletionStage<Void> completed() {
    return end(
        () -> {
          CompletionStage<Void> end = exchange.completed();
          Throwable unread = trouble;
          return unread == null ? end : end.thenRun(() -> tap.meter().adapterFailed(unread));
        });
  }

  /** Something failed: nothing comes, or nothing more. A cancellation is no failure. */
  public CompletionStage<Void> failed(Throwable error) {
    return end(() -> Ended.isGivenUp(error) ? exchange.cancelled() : exchange.failed(error));
  }

  /** The caller gave up. */
  public CompletionStage<Void> cancelled() {
    return end(exchange::cancelled);
  }

  /** The method has thrown, on this thread. */
  CompletionStage<Void> thrown(Throwable error) {
    return end(() -> exchange.brokeOff(error));
  }

  private CompletionStage<Void> end(Supplier<CompletionStage<Void>> how) {
    if (offered != null && !offered.keep()) {
      return CompletableFuture.completedFuture(null);
    }
    if (offered != null && !offered.isMade()) {
      exchange.unsent();
      return exchange.cancelled();
    }
    ModelAnswer told = answer;
    if (told != null) {
      exchange.assumed(told);
    }
    long text = characters.get();
    if (text > 0 && (told == null || told.tokens() == null)) {
      exchange.textCame(text);
    }
    return how.get();
  }

  /**
   * Waits until an end is recorded.
   *
   * @throws AnswerNotRecordedException with {@code value} where the application is to hear that it
   *     is not
   */
  static void await(CompletionStage<Void> end, @Nullable Object value) {
    try {
      Exchange.await(end);
    } catch (RuntimeException e) {
      throw new AnswerNotRecordedException(value, e);
    }
  }
}
