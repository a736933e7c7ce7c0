package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of a call, and its ends. What is told is kept under the call's lock, which is never
 * held while it is stored. Safe for many threads.
 */
final class CallEnding {
  private static final Logger LOG = LoggerFactory.getLogger(CallEnding.class);

  private final LiveCall.Parts parts;
  private final ReentrantLock lock;
  private final KeptHold kept;
  private final CallRecord record;
  private final SoFar seen;
  private @Nullable Usage told;
  private @Nullable CompletableFuture<Receipt> settled;

  /** Of a call that was just admitted. */
  CallEnding(LiveCall.Parts parts, ReentrantLock lock, KeptHold kept) {
    this.parts = parts;
    this.lock = lock;
    this.kept = kept;
    this.record = begun();
    this.seen = new SoFar(parts.request().model());
  }

  private CallRecord begun() {
    return CallRecord.of(parts.hold().id(), parts.startedAt(), parts.request());
  }

  /** What is told of the call; guarded by its lock. */
  CallRecord record() {
    return record;
  }

  /** What has come of an answer; guarded by its lock. */
  SoFar seen() {
    return seen;
  }

  private <T extends @Nullable Object> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** An end is told: {@code outcome} adds it to the record. */
  CompletableFuture<Receipt> end(Way way, Runnable outcome) {
    Usage news = locked(() -> news(outcome));
    if (news != null) {
      parts.events().tell(listener -> listener.ended(news));
    }
    return settled(way);
  }

  // what is to be recorded from now on, null where that stays as it was told
  private @Nullable Usage news(Runnable outcome) {
    if (told != null && !CallFigures.of(told).areProvisional()) {
      return null;
    }
    Usage next =
        parts
            .failures()
            .guard(
                Consequence.END_NOT_STORED,
                () -> {
                  outcome.run();
                  return built(record);
                },
                this::unfinished);
    if (told != null && CallFigures.of(next).equals(CallFigures.of(told))) {
      return null;
    }
    tell(next);
    parts.known().learn(next, seen);
    return next;
  }

  private void tell(Usage usage) {
    told = usage;
    settled = null;
    kept.end();
  }

  // an end that could not be stored is stored as it was told, however often it is told again
  private CompletableFuture<Receipt> settled(Way way) {
    CompletableFuture<Receipt> mine = new CompletableFuture<>();
    CompletableFuture<Receipt> other;
    Usage usage;
    Given given;
    lock.lock();
    try {
      other = settled;
      usage = told;
      given = record.given();
      if (other == null) {
        settled = mine;
      }
    } finally {
      lock.unlock();
    }
    if (other != null || usage == null) {
      return other == null ? mine : way.after(other);
    }
    return Stages.of(() -> parts.settler().settle(way, parts.hold(), usage, given))
        .whenComplete((receipt, failure) -> settledBy(mine, receipt, failure))
        .thenApply(
            receipt -> {
              // after it is known: who is told may look at the call
              parts.settler().recorded(usage, receipt);
              return receipt;
            });
  }

  private void settledBy(
      CompletableFuture<Receipt> mine, Receipt receipt, @Nullable Throwable failure) {
    if (failure == null) {
      mine.complete(receipt);
      return;
    }
    lock.lock();
    try {
      if (settled == mine) {
        settled = null;
      }
    } finally {
      lock.unlock();
    }
    mine.completeExceptionally(Stages.reason(failure));
  }

  private Usage unfinishedAsDescribed() {
    try {
      return built(record.outcome(Outcome.UNFINISHED));
    } catch (IllegalArgumentException e) {
      LOG.warn("what was told of call {} is not recorded: {}", parts.hold().id(), e.getMessage());
      return unfinished();
    }
  }

  // of the request alone: what was told since cannot be recorded
  private Usage unfinished() {
    return built(begun().outcome(Outcome.UNFINISHED));
  }

  private Usage built(CallRecord collected) {
    Usage usage = collected.measuredLatency(parts.elapsed()).build();
    return parts.known().completed(usage, seen, kept.figures());
  }

  /** Ends the call as UNFINISHED, unless an end was told; never fails. */
  CompletableFuture<Boolean> close(Way way) {
    Usage usage =
        locked(
            () -> {
              if (told != null) {
                return null;
              }
              Usage unfinished = unfinishedAsDescribed();
              tell(unfinished);
              return unfinished;
            });
    if (usage == null) {
      return CompletableFuture.completedFuture(false);
    }
    parts.events().tell(listener -> listener.ended(usage));
    return settled(way)
        .handle(
            (receipt, failure) -> {
              if (failure != null) {
                parts.failures().containClosing(Stages.reason(failure));
              }
              parts.events().unfinished(usage);
              return true;
            });
  }
}
