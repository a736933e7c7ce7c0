package io.llmaccounting;

import io.llmaccounting.internal.calls.CallRecord;
import io.llmaccounting.internal.calls.LiveCall;
import io.llmaccounting.internal.calls.SoFar;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
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
 * record with outcome UNFINISHED. Safe for use by many threads.
 *
 * <p>An end of which nobody tells the tokens is recorded with what is known. Tokens of the last
 * {@link #progress} are PARTIAL. Text that came since, see {@link #textSeen}, is added as an
 * estimate; where neither came, what was held for the call is the estimate: both are ESTIMATED. A
 * call that failed before anything of an answer came, or that nothing was held for, is MISSING.
 *
 * <p>An end with the figures that the provider reported is final: telling another returns its
 * receipt. Until then a later end replaces poorer figures, also after the call was closed.
 */
public final class LlmCall implements AutoCloseable {
  private final LiveCall live;
  private final CallRecord record;
  private final ReentrantLock lock = new ReentrantLock();
  private final SoFar seen;
  private @Nullable Usage told;
  private @Nullable Receipt receipt;

  LlmCall(LiveCall live) {
    this.live = live;
    this.record = begun(live);
    this.seen = new SoFar(live.request().model());
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
    seen(SoFar::begin);
    return describe(fields -> record.streamed(true).measuredFirstToken(live.elapsed()));
  }

  private void seen(Consumer<SoFar> what) {
    lock.lock();
    try {
      what.accept(seen);
    } finally {
      lock.unlock();
    }
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
    seen(all -> all.tokens(soFar));
    return live.progress(soFar);
  }

  /**
   * Text of a streamed answer has come so far, of which the provider tells no tokens before the
   * end. Does what {@link #progress} does, with an estimate: four characters a token, until
   * complete answers of the model have told more exactly. A stream that is cut is recorded with it.
   *
   * @param characters all characters of the answer up to now, as {@link String#length} counts them,
   *     not only the latest; at least 0
   * @return as {@link #progress} does
   */
  public Decision textSeen(long characters) {
    TokenUsage soFar;
    lock.lock();
    try {
      seen.characters(characters);
      soFar = live.withText(seen);
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
    return end(
        () -> {
          record.outcome(Outcome.SUCCEEDED).answer(answer);
          live.unread(answer.unread());
        });
  }

  /** The call failed. What had come of an answer until then is booked. */
  public Receipt failed(Throwable error) {
    return end(() -> record.failed(error));
  }

  /** The call failed after consuming {@code tokens}. */
  public Receipt failed(Throwable error, TokenUsage tokens) {
    return end(() -> record.tokens(tokens).failed(error));
  }

  /** The caller gave up. What had come until then is booked, else what was held. */
  public Receipt cancelled() {
    return end(() -> record.outcome(Outcome.CANCELLED));
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

  private Receipt end(Runnable outcome) {
    lock.lock();
    try {
      if (told == null || CallFigures.of(told).areProvisional()) {
        Usage next =
            live.record(
                () -> {
                  outcome.run();
                  return built(record);
                },
                this::unfinished);
        if (told == null || !CallFigures.of(next).equals(CallFigures.of(told))) {
          told = next;
          receipt = null;
          live.learn(next, seen);
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
      return built(record.outcome(Outcome.UNFINISHED));
    } catch (IllegalArgumentException e) {
      live.leftOut(e);
      return unfinished();
    }
  }

  // of the request alone: what was told since cannot be recorded
  private Usage unfinished() {
    return built(begun(live).outcome(Outcome.UNFINISHED));
  }

  private Usage built(CallRecord collected) {
    return live.completed(collected.measuredLatency(live.elapsed()).build(), seen);
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
