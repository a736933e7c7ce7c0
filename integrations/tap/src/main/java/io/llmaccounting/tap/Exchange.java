package io.llmaccounting.tap;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.MeteredCall;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model that was admitted, and its answer. Tell it what happens, then one end:
 * {@link #completed}, {@link #failed} or {@link #cancelled}. Further ends are ignored. What is told
 * never waits for a store. Safe for use by many threads, while the pieces of the answer come one
 * after the other.
 *
 * <p>An end returns a stage that is done once the call is recorded. Wait for it ({@link #await}),
 * or hand the end of the answer on when it is done, so that an application whose error policy is
 * FAIL hears of what could not be recorded; the stage fails with that. Under CONTINUE it does not
 * fail. Where a layer further out meters the call, the end only tells that layer what was read.
 */
public final class Exchange {
  private final Tap.Settings settings;
  private final MeteredRequest request;
  private final Told told;
  private final CallContext context;
  private final ReentrantLock lock = new ReentrantLock();
  private final AnswerSoFar answer;
  private final Heard heard = new Heard();
  private boolean firstTokenTold;
  private @Nullable Throwable trouble;
  private volatile Decision.@Nullable Denied denied;
  private @Nullable CompletableFuture<Void> end;

  Exchange(Tap.Settings settings, MeteredRequest request, Told told, CallContext context) {
    this.settings = settings;
    this.request = request;
    this.told = told;
    this.context = context;
    this.answer = new AnswerSoFar(request, heard);
  }

  /** The call that it tells of: its own, or that of a layer further out. */
  public MeteredCall call() {
    return told.call();
  }

  /** Its own call; null where a layer further out meters. */
  @Nullable LlmCall own() {
    return told.own();
  }

  /** Whether this is the outermost layer that meters the call, and so ends it. */
  public boolean isOutermost() {
    return told.own() != null;
  }

  /**
   * Opens, on this thread, the context in which the request was made, with its call: what is called
   * inside finds the call and begins none of its own.
   */
  public CallContext.Scope open() {
    LlmCall own = told.own();
    return own == null ? context.open() : open(own);
  }

  /** Opens the context in which the request was made, with {@code call} in it. */
  CallContext.Scope open(LlmCall call) {
    CallContext.Scope outer = context.open();
    CallContext.Scope inner = CallContext.of(call).open();
    return () -> {
      inner.close();
      outer.close();
    };
  }

  /**
   * No request has gone out yet, and {@link #attempted} is going to tell when one does: a call that
   * is cancelled before has consumed nothing. Without this it is taken for one that was sent.
   */
  public void unsent() {
    guarded(answer::unsent);
  }

  /** A request goes out on the wire: the first, or a retry. */
  public void attempted() {
    guarded(
        () -> {
          answer.asked();
          told.call().attempted();
        });
  }

  /**
   * The answer has begun: its body follows, by {@link #feed}. Where it is told again, by a client
   * that repeats requests, what came before no longer counts.
   *
   * @param status the HTTP status; from 300 on the call has failed, and its body is not read
   * @param contentType the header of that name, or null
   * @param contentEncoding the header of that name, or null where the body is fed unpacked
   */
  public void responded(
      int status, @Nullable String contentType, @Nullable String contentEncoding) {
    guarded(
        () -> {
          if (end == null) {
            answer.responded(status, AnswerReading.Headers.of(contentType, contentEncoding));
          }
        });
  }

  /** The answer has begun, as JSON that an SDK hands out: one object, or a line for each event. */
  public void responded() {
    responded(200, null, null);
  }

  /**
   * The next piece of the answer's body, as it came.
   *
   * @throws QuotaExceededException if the answer has outgrown a limit: stop it, and hand on the
   *     exception; the call was ended
   */
  public void feed(byte[] piece, int offset, int length) {
    guarded(
        () -> {
          if (end == null) {
            answer.take(piece, offset, length);
          }
        });
    stopIfDenied();
  }

  /**
   * What remains of a piece of the answer's body, as {@link #feed(byte[], int, int)}. Its position
   * is not moved.
   *
   * @throws QuotaExceededException if the answer has outgrown a limit
   */
  public void feed(ByteBuffer piece) {
    if (piece.hasArray()) {
      feed(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
    } else {
      byte[] copy = new byte[piece.remaining()];
      piece.duplicate().get(copy);
      feed(copy, 0, copy.length);
    }
  }

  /** The answer as an adapter knows it without bytes; an end by {@link #completed} goes by it. */
  public void answered(ModelAnswer whole) {
    guarded(() -> answer.is(whole));
  }

  /**
   * The answer as an adapter is told it by a library that may leave out some of it. What was read
   * of the answer's bytes, here or by a layer further in, comes first; this fills what it left
   * open.
   */
  public void assumed(ModelAnswer told) {
    guarded(() -> answer.assumed(told));
  }

  /**
   * So many characters of text have come, all of them, where an adapter does not feed bytes.
   *
   * @throws QuotaExceededException if the answer has outgrown a limit: stop it; the call was ended
   */
  public void textSeen(long characters) {
    textCame(characters);
    stopIfDenied();
  }

  /**
   * So many tokens have come, all of them, where an adapter does not feed bytes.
   *
   * @throws QuotaExceededException if the answer has outgrown a limit: stop it; the call was ended
   */
  public void tokensSeen(TokenUsage soFar) {
    guarded(() -> heard.tokens(soFar));
    stopIfDenied();
  }

  /** Whether an end was told. */
  public boolean isEnded() {
    lock.lock();
    try {
      return end != null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The answer has come to the end that the client gives it. Failed if its status is an error, or
   * if it is a stream that the provider has not marked as ended.
   */
  public CompletionStage<Void> completed() {
    return end(answer::completed);
  }

  /** Something failed. A status that a library throws for is to be told first, as responded. */
  public CompletionStage<Void> failed(Throwable error) {
    Throwable reason = Ended.reason(error);
    return end(own -> answer.failed(own, reason));
  }

  /**
   * Something failed while this thread waited for the answer. If the thread was interrupted, or
   * this or a cause says that somebody was or has cancelled, the caller has given up ({@link
   * #cancelled}); else it has {@link #failed}.
   */
  public CompletionStage<Void> brokeOff(Throwable error) {
    boolean givenUp = Ended.isGivenUp(error) || Ended.byInterruption(error);
    return givenUp ? cancelled() : failed(error);
  }

  /**
   * The caller gave up: it closed, cancelled or interrupted. One that had seen all of the answer,
   * or an error, has only not waited for the end of the body: then it has {@link #completed}. Where
   * it is known that no request has gone out ({@link #unsent}), nothing was consumed.
   */
  public CompletionStage<Void> cancelled() {
    return end(answer::givenUp);
  }

  /**
   * The body of the answer as a stream that tells of itself: what is read, its end, that it is
   * closed before, and what reading throws. An end is returned once it is recorded. For one thread,
   * like {@code body}.
   */
  public InputStream passing(InputStream body) {
    return new PassingStream(body, this);
  }

  /**
   * Waits until an end is recorded, for adapters that may block.
   *
   * @throws RuntimeException what the stage failed with
   */
  public static void await(CompletionStage<Void> end) {
    try {
      Void unused = end.toCompletableFuture().join();
    } catch (CompletionException e) {
      Throwable reason = Ended.reason(e);
      if (reason instanceof RuntimeException known) {
        throw known;
      }
      throw e;
    }
  }

  /**
   * Waits as {@link #await(CompletionStage)} does, where {@code error} is going to be thrown: what
   * could not be recorded does not hide it, and is added to it as suppressed.
   */
  public static void await(CompletionStage<Void> end, Throwable error) {
    try {
      await(end);
    } catch (RuntimeException unrecorded) {
      if (unrecorded != error) {
        error.addSuppressed(unrecorded);
      }
    }
  }

  /** The first piece of an answer has come that is streamed. */
  void firstToken() {
    guarded(() -> told.call().firstToken());
  }

  /** All characters of an answer that is there, so that nothing is left to stop. */
  void textCame(long characters) {
    guarded(() -> heard.text(characters));
  }

  private void stopIfDenied() {
    Decision.Denied reason = denied;
    if (reason != null) {
      cancelled();
      throw new QuotaExceededException(reason);
    }
  }

  /** Nothing of what is done here reaches the application; the end tells of it. */
  private void guarded(Runnable work) {
    lock.lock();
    try {
      work.run();
    } catch (Throwable e) {
      met(e);
    } finally {
      lock.unlock();
    }
  }

  private void met(@Nullable Throwable failure) {
    trouble = trouble == null ? failure : trouble;
  }

  private CompletableFuture<Void> end(Function<LlmCall, CompletionStage<?>> how) {
    CompletableFuture<Void> shown = new CompletableFuture<>();
    CompletionStage<?> recorded;
    lock.lock();
    try {
      if (end != null) {
        return end;
      }
      end = shown;
      recorded = told(how);
    } finally {
      lock.unlock();
    }
    recorded.whenComplete((receipt, failure) -> show(shown, failure));
    return shown;
  }

  private CompletionStage<?> told(Function<LlmCall, CompletionStage<?>> how) {
    LlmCall own = told.own();
    try {
      answer.tell(told.call());
      return own == null ? CompletableFuture.completedFuture(null) : how.apply(own);
    } catch (Throwable e) {
      met(e);
      return own == null ? CompletableFuture.completedFuture(null) : closed(own);
    } finally {
      met(answer.trouble());
      answer.close();
    }
  }

  /** Whatever fails, nobody waits for an end that never comes. */
  private static CompletionStage<?> closed(LlmCall own) {
    try {
      return own.closeAsync();
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void show(CompletableFuture<Void> shown, @Nullable Throwable failure) {
    Throwable reason = failure == null ? null : Ended.reason(failure);
    Throwable own = trouble;
    if (own != null) {
      try {
        settings.meter().adapterFailed(own);
      } catch (Throwable thrown) {
        reason = reason == null ? thrown : reason;
      }
    }
    if (reason == null) {
      shown.complete(null);
    } else {
      shown.completeExceptionally(reason);
    }
  }

  /** Hears what is read; runs under the lock. */
  private final class Heard implements AnswerReading.News {
    @Override
    public void text(long characters) {
      if (!firstTokenTold && request.streamed()) {
        firstTokenTold = true;
        told.call().firstToken();
      }
      answer.begun();
      follow(told.text(characters));
    }

    @Override
    public void tokens(TokenUsage tokens) {
      answer.begun();
      follow(told.tokens(tokens));
    }

    private void follow(CompletionStage<Decision> decision) {
      decision.whenComplete(
          (decided, failure) -> {
            if (decided instanceof Decision.Denied no && settings.stops()) {
              denied = no;
            } else if (failure != null) {
              guarded(
                  () -> {
                    throw new IllegalStateException(
                        "a call could not be followed: " + Ended.reason(failure).getMessage(),
                        Ended.reason(failure));
                  });
            }
          });
    }
  }
}
