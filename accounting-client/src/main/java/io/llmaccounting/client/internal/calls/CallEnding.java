package io.llmaccounting.client.internal.calls;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is told of a call, and its ends. Safe for use by many threads. */
final class CallEnding {
  private static final String NOT_STORED = "what a call told of its end was not stored";

  private final CallParts parts;
  private final ReentrantLock lock = new ReentrantLock();
  private final CallRecord record;
  private final SoFar seen = new SoFar();
  private @Nullable Usage told;
  private @Nullable CompletableFuture<Receipt> stored;

  CallEnding(CallParts parts) {
    this.parts = parts;
    this.record = begun();
  }

  private CallRecord begun() {
    return CallRecord.of(parts.id(), parts.startedAt(), parts.request());
  }

  void tell(Consumer<CallRecord> word) {
    lock.lock();
    try {
      word.accept(record);
    } finally {
      lock.unlock();
    }
  }

  boolean firstToken() {
    Duration elapsed = parts.elapsed();
    lock.lock();
    try {
      seen.begin();
      record.streamed(true);
      return record.measuredFirstToken(elapsed);
    } finally {
      lock.unlock();
    }
  }

  List<String> answered(ModelAnswer answer) {
    lock.lock();
    try {
      seen.begin();
      return record.answered(answer);
    } finally {
      lock.unlock();
    }
  }

  CompletableFuture<Decision> progress(TokenUsage soFar) {
    lock.lock();
    try {
      seen.tokens(soFar);
    } finally {
      lock.unlock();
    }
    return parts.kept().keepUp(soFar);
  }

  CompletableFuture<Decision> textSeen(long characters) {
    TokenUsage soFar;
    lock.lock();
    try {
      seen.characters(characters);
      soFar = seen.withText(parts.request());
    } finally {
      lock.unlock();
    }
    return parts.kept().keepUp(soFar);
  }

  /**
   * What an end leads to.
   *
   * @param news what is recorded from now on; null where it is what was told before
   */
  private record Ended(@Nullable Usage news, CompletableFuture<Receipt> stored) {}

  private Ended ended(Consumer<CallRecord> outcome) {
    lock.lock();
    try {
      Usage before = told;
      CompletableFuture<Receipt> known = stored;
      if (before != null && known != null && !CallFigures.of(before).areProvisional()) {
        return new Ended(null, known);
      }
      outcome.accept(record);
      Usage usage = seen.complete(record.measuredLatency(parts.elapsed()).build(), parts.request());
      if (before != null && known != null && CallFigures.of(usage).equals(CallFigures.of(before))) {
        return new Ended(null, known);
      }
      return begin(usage);
    } finally {
      lock.unlock();
    }
  }

  private Ended begin(Usage usage) {
    boolean held = parts.kept().isHeld();
    told = usage;
    parts.kept().end();
    CompletableFuture<Receipt> storing = parts.desk().holds().record(usage, held);
    stored = storing;
    return new Ended(usage, storing);
  }

  Receipt end(Consumer<CallRecord> outcome) {
    Ended ended;
    try {
      ended = ended(outcome);
    } catch (RuntimeException e) {
      return notEnded(e);
    }
    announce(ended);
    try {
      Receipt receipt = Stages.join(ended.stored());
      return recorded(ended, receipt);
    } catch (RuntimeException e) {
      return notStored(ended, e);
    }
  }

  CompletionStage<Receipt> endAsync(Consumer<CallRecord> outcome) {
    Ended ended;
    try {
      ended = ended(outcome);
    } catch (RuntimeException e) {
      return parts
          .desk()
          .stages()
          .shown(CompletableFuture.completedFuture(true), (done, none) -> notEnded(e));
    }
    announce(ended);
    return parts
        .desk()
        .stages()
        .shown(
            ended.stored(),
            (receipt, failure) ->
                failure == null
                    ? recorded(ended, Objects.requireNonNull(receipt))
                    : notStored(ended, failure));
  }

  private void announce(Ended ended) {
    Usage news = ended.news();
    if (news != null) {
      parts.desk().ended(parts.id());
      parts.desk().listeners().tell(listener -> listener.ended(news));
    }
  }

  private Receipt recorded(Ended ended, Receipt receipt) {
    Usage news = ended.news();
    if (news != null) {
      parts.desk().recorded(news, receipt);
    }
    return receipt;
  }

  // an end that was not stored may be told again
  private Receipt notStored(Ended ended, RuntimeException failure) {
    lock.lock();
    try {
      stored = stored == ended.stored() ? null : stored;
    } finally {
      lock.unlock();
    }
    parts.desk().failures().throwOrContain("usage of a call was not stored", failure);
    return notRecorded();
  }

  private Receipt notEnded(RuntimeException failure) {
    parts.desk().failures().throwOrContain(NOT_STORED, failure);
    Ended unfinished = unfinished();
    announce(unfinished);
    return notRecorded();
  }

  private Receipt notRecorded() {
    return new Receipt(parts.id(), null, Receipt.Status.NOT_RECORDED, List.of());
  }

  // made of the request alone: what was told since cannot be recorded
  private Ended unfinished() {
    lock.lock();
    try {
      CallRecord plain = begun().outcome(Outcome.UNFINISHED).measuredLatency(parts.elapsed());
      return begin(seen.complete(plain.build(), parts.request()));
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Ended closed() {
    lock.lock();
    try {
      if (told != null) {
        return null;
      }
      Usage usage;
      try {
        usage =
            seen.complete(
                record.outcome(Outcome.UNFINISHED).measuredLatency(parts.elapsed()).build(),
                parts.request());
      } catch (IllegalArgumentException e) {
        return unfinished();
      }
      return begin(usage);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    Ended ended = closed();
    if (ended != null) {
      announce(ended);
      try {
        afterClose(ended, Stages.join(ended.stored()), null);
      } catch (RuntimeException e) {
        afterClose(ended, null, e);
      }
    }
  }

  CompletionStage<Void> closeAsync() {
    Ended ended = closed();
    if (ended == null) {
      return CompletableFuture.completedFuture(null);
    }
    announce(ended);
    return parts
        .desk()
        .stages()
        .shown(
            ended.stored(),
            (receipt, failure) -> {
              afterClose(ended, receipt, failure);
              return true;
            })
        .thenAccept(done -> {});
  }

  private void afterClose(
      Ended ended, @Nullable Receipt receipt, @Nullable RuntimeException failure) {
    if (receipt != null) {
      Receipt unused = recorded(ended, receipt);
    } else if (failure != null) {
      parts.desk().failures().contain(NOT_STORED, failure);
    }
    Usage usage = ended.news();
    if (usage != null) {
      parts.desk().listeners().tellWatchers(listener -> listener.unfinished(usage));
    }
  }
}
