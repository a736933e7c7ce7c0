package io.llmaccounting;

import io.llmaccounting.internal.calls.CallRecord;
import io.llmaccounting.internal.calls.LiveCall;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFields;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that was admitted and is under way, until one of its ends is told: {@link #succeeded},
 * {@link #failed}, {@link #cancelled}. Closing it without an end gives its hold back and leaves a
 * record with outcome UNFINISHED and unknown tokens. Safe for use by many threads.
 *
 * <p>An end with the figures that the provider reported is final: telling another returns its
 * receipt. Until then a later end replaces poorer figures, also after the call was closed.
 */
public final class LlmCall implements AutoCloseable {
  private final LiveCall live;
  private final CallRecord record;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable TokenUsage progress;
  private @Nullable Usage told;
  private @Nullable Receipt receipt;

  LlmCall(LiveCall live) {
    this.live = live;
    this.record = begun(live);
  }

  private static CallRecord begun(LiveCall live) {
    return CallRecord.of(live.id(), live.startedAt(), live.request());
  }

  /** The hold's id, which becomes that of the record. */
  public UUID id() {
    return live.id();
  }

  /** What was decided when the call was admitted: what remains, and warnings. */
  public Decision.Admitted admission() {
    return live.admission();
  }

  /** Adds to the record what the ends do not say, for instance attempts or extras. */
  public LlmCall describe(Consumer<UsageFields<?>> more) {
    lock.lock();
    try {
      more.accept(record);
      return this;
    } finally {
      lock.unlock();
    }
  }

  /** The first token of a streamed answer has arrived. */
  public LlmCall firstToken() {
    return describe(fields -> record.streamed(true).measuredFirstToken(live.elapsed()));
  }

  /**
   * A streamed answer has come so far. Renews the hold when half its time is over, and grows it
   * when the answer outgrows what is held.
   *
   * @param soFar all tokens of the call up to now, not only the latest
   * @return denied if a limit has no room for the growth: stop the stream; what was consumed is
   *     booked all the same when the end is told
   */
  public Decision progress(TokenUsage soFar) {
    lock.lock();
    try {
      progress = soFar;
    } finally {
      lock.unlock();
    }
    return live.progress(soFar);
  }

  /** The call succeeded and consumed {@code tokens}. */
  public Receipt succeeded(TokenUsage tokens) {
    return succeeded(ModelAnswer.of(tokens));
  }

  /** The call succeeded and consumed {@code tokens}, and the caller knows what it cost. */
  public Receipt succeeded(TokenUsage tokens, Cost cost) {
    describe(fields -> fields.cost(cost));
    return succeeded(tokens);
  }

  /** The call succeeded; the answer says what it consumed, or that it does not tell. */
  public Receipt succeeded(ModelAnswer answer) {
    return end(() -> record.outcome(Outcome.SUCCEEDED).answer(answer));
  }

  /** The call failed. Tokens of the last progress are booked as partial. */
  public Receipt failed(Throwable error) {
    return end(() -> partial().failed(error));
  }

  /** The call failed after consuming {@code tokens}. */
  public Receipt failed(Throwable error, TokenUsage tokens) {
    return end(() -> record.tokens(tokens).failed(error));
  }

  /** The caller gave up. Tokens of the last progress are booked as partial. */
  public Receipt cancelled() {
    return end(() -> partial().outcome(Outcome.CANCELLED));
  }

  /**
   * Makes the call of the model itself. What it throws ends this call as failed, or as cancelled
   * where that is a {@link CancellationException}, and is thrown on; the end of a call that returns
   * is still to be told.
   */
  public <T, X extends Exception> T ask(ModelCall<T, X> call) throws X {
    try {
      return call.make();
    } catch (Exception | Error e) {
      endWith(e);
      throw e;
    }
  }

  /** Ends the call with what it threw; what accounting throws meanwhile is added to that. */
  void endWith(Throwable error) {
    try {
      Receipt unused = error instanceof CancellationException ? cancelled() : failed(error);
    } catch (RuntimeException | Error unrecorded) {
      if (unrecorded != error) {
        error.addSuppressed(unrecorded);
      }
      close();
    }
  }

  private CallRecord partial() {
    if (progress != null) {
      record.tokens(progress).source(TokenSource.PARTIAL);
    }
    return record;
  }

  private Receipt end(Runnable outcome) {
    lock.lock();
    try {
      if (told == null || CallFigures.of(told).areProvisional()) {
        Usage next =
            live.record(
                () -> {
                  outcome.run();
                  return record.measuredLatency(live.elapsed()).build();
                },
                this::unfinished);
        if (told == null || !CallFigures.of(next).equals(CallFigures.of(told))) {
          told = next;
          receipt = null;
        }
      }
      return settled(told);
    } finally {
      lock.unlock();
    }
  }

  // an end that could not be stored is stored as it was told, however often it is told again
  private Receipt settled(Usage usage) {
    if (receipt == null) {
      receipt = live.settle(usage, record.given());
    }
    return receipt;
  }

  private Usage unfinishedAsDescribed() {
    try {
      return record.outcome(Outcome.UNFINISHED).measuredLatency(live.elapsed()).build();
    } catch (IllegalArgumentException e) {
      live.leftOut(e);
      return unfinished();
    }
  }

  // of the request alone: what was told since cannot be recorded
  private Usage unfinished() {
    return begun(live).outcome(Outcome.UNFINISHED).measuredLatency(live.elapsed()).build();
  }

  /**
   * Gives the hold back and leaves an UNFINISHED record, unless an end was told. Throws nothing, so
   * that it hides neither an answer nor an exception: what fails is counted, logged and handed to
   * the error handler.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (told == null) {
        Usage usage = unfinishedAsDescribed();
        told = usage;
        live.closing(() -> settled(usage));
        live.unfinished(usage);
      }
    } finally {
      lock.unlock();
    }
  }
}
