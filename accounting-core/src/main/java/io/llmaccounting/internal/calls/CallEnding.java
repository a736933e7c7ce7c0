package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.HeldFigures;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of a call, and its ends. What is told is kept under the call's lock. Safe for many
 * threads.
 */
final class CallEnding {
  private static final Logger LOG = LoggerFactory.getLogger(CallEnding.class);

  private final LiveCall.Parts parts;
  private final CallLock lock;
  private final KeptHold kept;
  private final CallRecord record;
  private final SoFar seen;
  private @Nullable Usage told;
  private @Nullable CompletableFuture<Receipt> settled;
  // the thread that is telling an end at the moment; guarded by the lock like all fields above
  private @Nullable CompletableFuture<Boolean> telling;
  private @Nullable Thread teller;
  private @Nullable Thread settler;

  /** The ending of a call that was just admitted. */
  CallEnding(LiveCall.Parts parts, CallLock lock, KeptHold kept) {
    this.parts = parts;
    this.lock = lock;
    this.kept = kept;
    this.record = begun();
    this.seen = new SoFar(parts.request().model());
  }

  private CallRecord begun() {
    return CallRecord.of(parts.hold().id(), parts.askedAt(), parts.request());
  }

  /** What is told of the call; guarded by its lock. */
  CallRecord record() {
    return record;
  }

  /** What has come of an answer; guarded by its lock. */
  SoFar seen() {
    return seen;
  }

  /**
   * Tells an end. Of two ends that are told one after the other only the first counts; while it is
   * being stored, the other waits for it.
   *
   * @param outcome tells how the call ended
   * @param answer what came of it, null where there is none
   */
  CompletableFuture<Receipt> end(
      Way way, Consumer<Described> outcome, @Nullable ModelAnswer answer) {
    return end(way, Ended.of(outcome, answer));
  }

  private CompletableFuture<Receipt> end(Way way, Ended ended) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> turn = turn(mine);
    if (turn != mine) {
      return way.handOver(way.after(turn)).thenCompose(over -> end(way, ended));
    }
    AtomicReference<@Nullable Throwable> unpriced = new AtomicReference<>();
    News news;
    try {
      news = news(ended, unpriced);
    } finally {
      over(mine);
    }
    Usage usage = news.usage();
    if (usage != null) {
      parts.events().tell(listener -> listener.ended(usage));
    }
    // who is told of failures may ask for the receipt
    return way.handOver(settled(way, unpriced))
        .whenComplete((receipt, failure) -> contain(news.unrecorded(), unpriced.get()));
  }

  /**
   * How a call ended, asked of the application before anybody waits for it.
   *
   * @param failed why it could not tell, null where it could
   */
  private record Ended(
      Described described, @Nullable ModelAnswer answer, @Nullable Throwable failed) {
    static Ended of(Consumer<Described> outcome, @Nullable ModelAnswer answer) {
      Described described = new Described();
      try {
        outcome.accept(described);
        return new Ended(described, answer, null);
      } catch (Throwable e) {
        return new Ended(described, answer, e);
      }
    }
  }

  private CompletableFuture<Boolean> turn(CompletableFuture<Boolean> mine) {
    return lock.get(
        () -> {
          if (telling == null) {
            telling = mine;
            teller = Thread.currentThread();
          } else if (teller == Thread.currentThread()) {
            throw endedByPrices();
          }
          return telling;
        });
  }

  private void over(CompletableFuture<Boolean> mine) {
    lock.run(
        () -> {
          telling = null;
          teller = null;
        });
    mine.complete(true);
  }

  private void contain(@Nullable Throwable unrecorded, @Nullable Throwable unpriced) {
    if (unpriced != null) {
      parts.failures().containClosing(Consequence.NOT_PRICED, unpriced);
    }
    if (unrecorded != null) {
      parts.failures().contain(Consequence.END_NOT_STORED, Failures.of(unrecorded));
    }
  }

  /**
   * The news in an end that was told.
   *
   * @param usage what is to be recorded from now on, null where that stays as it was told
   * @param unrecorded why what was told is not recorded, null where it is
   */
  private record News(@Nullable Usage usage, @Nullable Throwable unrecorded) {}

  private News news(Ended ended, AtomicReference<@Nullable Throwable> unpriced) {
    Usage before = lock.get(() -> told);
    if (before != null && !CallFigures.of(before).areProvisional()) {
      return new News(null, null);
    }
    Known known;
    Throwable unrecorded = null;
    try {
      if (ended.failed() != null) {
        throw ended.failed();
      }
      known =
          known(
              () -> collected(ended.described(), ended.answer()),
              failed -> withoutPrices(failed, unpriced));
      parts.failures().worked(Consequence.END_NOT_STORED);
    } catch (Throwable e) {
      parts.failures().throwUnlessContained(e);
      unrecorded = e;
      known = unfinished();
    }
    Usage usage = known.usage();
    if (before != null && CallFigures.of(usage).equals(CallFigures.of(before))) {
      return new News(null, unrecorded);
    }
    tell(usage);
    parts.known().learn(usage, known.seen());
    return new News(usage, unrecorded);
  }

  private CallRecord collected(Described described, @Nullable ModelAnswer answer) {
    described.addTo(record);
    if (answer != null) {
      parts.events().unread(record.ended(answer));
    }
    return record;
  }

  private void tell(Usage usage) {
    lock.run(
        () -> {
          told = usage;
          settled = null;
          kept.end();
        });
  }

  // an end that could not be stored is stored as it was told, however often it is told again
  private CompletableFuture<Receipt> settled(
      Way way, AtomicReference<@Nullable Throwable> unpriced) {
    CompletableFuture<Receipt> mine = new CompletableFuture<>();
    Settling settling = lock.get(() -> settling(mine));
    if (settling.stage() != mine) {
      if (settling.on() == Thread.currentThread()) {
        throw endedByPrices();
      }
      return way.after(settling.stage());
    }
    Usage usage = settling.usage();
    // a failure is told once the receipt is there, and only once though prices may be asked twice
    Unpriced priceless =
        new Unpriced(
            kept.figures().cost(),
            failed -> {
              boolean unused = unpriced.compareAndSet(null, failed);
            });
    return way.handOver(
            Stages.of(() -> settle(way, usage, settling.given(), priceless))
                .whenComplete((stored, failure) -> settledBy(mine, stored, failure)))
        .thenApply(
            stored -> {
              // listeners and error handler are told after the end is known: they may look at the
              // call
              parts.settler().tell(usage, stored);
              return stored.receipt();
            });
  }

  private CompletableFuture<LiveCall.Settled> settle(
      Way way, Usage usage, Given given, Unpriced priceless) {
    try {
      return parts.settler().settle(way, parts.hold(), usage, given, priceless);
    } finally {
      lock.run(() -> settler = null);
    }
  }

  private IllegalStateException endedByPrices() {
    return new IllegalStateException(
        "prices of call %s must not end it while they are asked for".formatted(parts.hold().id()));
  }

  /**
   * The record that is stored, and the stage of whoever stores it.
   *
   * @param on the thread that has begun to, null once others go on with it
   */
  private record Settling(
      CompletableFuture<Receipt> stage, Usage usage, Given given, @Nullable Thread on) {}

  private Settling settling(CompletableFuture<Receipt> mine) {
    if (settled == null) {
      settled = mine;
      settler = Thread.currentThread();
    }
    Usage usage = Objects.requireNonNull(told, "an end was told");
    return new Settling(settled, usage, record.given(), settler);
  }

  private void settledBy(
      CompletableFuture<Receipt> mine, LiveCall.Settled stored, @Nullable Throwable failure) {
    if (failure == null) {
      mine.complete(stored.receipt());
      return;
    }
    lock.run(() -> settled = settled == mine ? null : settled);
    mine.completeExceptionally(Stages.reason(failure));
  }

  private Usage unfinishedAsDescribed(AtomicReference<@Nullable Throwable> unpriced) {
    try {
      return known(() -> record.outcome(Outcome.UNFINISHED), unpriced::set).usage();
    } catch (IllegalArgumentException e) {
      LOG.warn("what was told of call {} is not recorded: {}", parts.hold().id(), e.getMessage());
      return unfinished().usage();
    }
  }

  // the record is made of the request alone, without asking prices: what was told since cannot be
  // recorded
  private Known unfinished() {
    Known built = built(() -> begun().outcome(Outcome.UNFINISHED));
    return built.with(
        parts.known().completedWithoutPrices(built.usage(), built.seen(), kept.figures()));
  }

  // prices that fail keep no end from being recorded, unless the caller is to be told
  private void withoutPrices(Throwable failed, AtomicReference<@Nullable Throwable> unpriced) {
    parts.failures().throwUnlessContained(failed);
    unpriced.set(failed);
  }

  /** A call's record, and what had come of its answer when it was made. */
  private record Known(Usage usage, SoFar seen) {
    Known with(Usage other) {
      return new Known(other, seen);
    }
  }

  // prices are the application's: they are asked once nothing is locked
  private Known known(Supplier<CallRecord> collected, Consumer<Throwable> priceless) {
    Known built = built(collected);
    HeldFigures held = kept.figures();
    try {
      Usage usage = parts.known().completed(built.usage(), built.seen(), held);
      if (usage.source() == TokenSource.ESTIMATED && built.usage().tokens() == null) {
        parts.failures().worked(Consequence.NOT_PRICED);
      }
      return built.with(usage);
    } catch (Throwable e) {
      priceless.accept(e);
      return built.with(parts.known().completedWithoutPrices(built.usage(), built.seen(), held));
    }
  }

  private Known built(Supplier<CallRecord> collected) {
    Duration elapsed = parts.elapsed();
    return lock.get(() -> new Known(collected.get().measuredLatency(elapsed).build(), seen.copy()));
  }

  /** Ends the call as UNFINISHED, unless an end was told; never fails. */
  CompletableFuture<Boolean> close(Way way) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> turn = turn(mine);
    if (turn != mine) {
      return way.handOver(way.after(turn)).thenCompose(over -> close(way));
    }
    AtomicReference<@Nullable Throwable> unpriced = new AtomicReference<>();
    Usage usage;
    try {
      if (lock.get(() -> told) != null) {
        return CompletableFuture.completedFuture(false);
      }
      usage = unfinishedAsDescribed(unpriced);
      tell(usage);
    } finally {
      over(mine);
    }
    parts.events().tell(listener -> listener.ended(usage));
    return way.handOver(settled(way, unpriced))
        .handle(
            (receipt, failure) -> {
              if (failure != null) {
                Throwable error = Stages.reason(failure);
                parts.failures().containClosing(Failures.ofSettle(error), error);
              }
              contain(null, unpriced.get());
              parts.events().unfinished(usage);
              return true;
            });
  }
}
