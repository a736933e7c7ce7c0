package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.OutageCheck;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A hold that is settled with a record of which some times may be measured by the library. Safe for
 * use by many threads.
 */
abstract sealed class Hold implements HeldCall permits HoldHandle, BlindHold, LeasedHold {
  private final UUID id;
  final HoldDesk desk;
  final OpenTakes takes;

  Hold(UUID id, @Nullable Expectation held, HoldDesk desk) {
    this.id = id;
    this.takes = new OpenTakes(held);
    this.desk = desk;
  }

  /**
   * Asks what the call cost, then books what it consumed and gives the hold back; the caller tells
   * listeners.
   */
  final CompletableFuture<Receipt> settle(Way way, Usage actual, Given given, Unpriced unpriced) {
    CompletableFuture<Boolean> taking = takes.end();
    return bookAfter(taking, way, priced(actual, unpriced), given);
  }

  // before anything is waited for: prices are the application's
  private Usage priced(Usage actual, Unpriced unpriced) {
    Recorder recorder = desk.recorder();
    return recorder.priced(recorder.withDefaults(actual), unpriced);
  }

  private CompletableFuture<Receipt> bookAfter(
      @Nullable CompletableFuture<Boolean> taking, Way way, Usage priced, Given given) {
    return taking == null
        ? book(way, priced, given)
        : way.after(taking).thenCompose(over -> book(way, priced, given));
  }

  /** Settles for a caller who has nothing but the hold, and tells listeners of the record. */
  private CompletableFuture<Receipt> settleTold(Way way, Usage actual, Given given) {
    CompletableFuture<Boolean> taking = takes.end();
    Usage priced = priced(actual, desk.unpriced(held()));
    return way.handOver(bookAfter(taking, way, priced, given))
        .thenApply(
            receipt -> {
              desk.recorded(priced, receipt);
              return receipt;
            });
  }

  /** Books it, priced, once nothing more is taken for the call. */
  abstract CompletableFuture<Receipt> book(Way way, Usage actual, Given given);

  /** What the hold was taken for, null where that is not known. */
  final @Nullable Expectation held() {
    return takes.held();
  }

  /** Lets the hold live for its full time from now; the outcome is when it expires. */
  abstract CompletableFuture<Instant> renew(Way way);

  /**
   * Grows the hold to the first of {@code totals} that there is room for; tells no listener of a
   * denial.
   */
  abstract CompletableFuture<Grown> grow(Way way, List<CallRequest> totals);

  /** What the call was let in for, with defaults; fails where it cannot be looked up. */
  abstract CompletableFuture<Optional<CallRequest>> heldFor(Way way);

  /** Gives back what is held. */
  final CompletableFuture<Boolean> release(Way way) {
    CompletableFuture<Boolean> taking = takes.end();
    return taking == null ? giveBack(way) : way.after(taking).thenCompose(over -> giveBack(way));
  }

  /** Gives back what is held for a caller who has given up; if that fails, it is told. */
  final void withdraw() {
    CompletableFuture<Boolean> unused =
        Stages.of(() -> release(desk.staged()))
            .whenComplete((released, failure) -> desk.withdrawn(failure));
  }

  /** Gives it back once nothing more is taken for the call. */
  abstract CompletableFuture<Boolean> giveBack(Way way);

  @Override
  public final UUID id() {
    return id;
  }

  @Override
  public final Decision grow(CallRequest total) {
    return desk.told(Stages.join(grow(desk.waiting(), List.of(total))));
  }

  @Override
  public final Instant renew() {
    return Stages.join(renew(desk.waiting()));
  }

  @Override
  public final Receipt settle(Usage actual) {
    return Stages.join(settle(desk.waiting(), actual));
  }

  @Override
  public final Receipt settle(ModelAnswer answer) {
    return Stages.join(settle(desk.waiting(), answer));
  }

  @Override
  public final void release() {
    boolean unused = Stages.join(release(desk.waiting()));
  }

  @Override
  public final CompletionStage<Decision> growAsync(CallRequest total) {
    return shown(way -> way.handOver(grow(way, List.of(total))).thenApply(desk::told));
  }

  @Override
  public final CompletionStage<Instant> renewAsync() {
    return shown(this::renew);
  }

  @Override
  public final CompletionStage<Receipt> settleAsync(Usage actual) {
    return shown(way -> settle(way, actual));
  }

  @Override
  public final CompletionStage<Receipt> settleAsync(ModelAnswer answer) {
    return shown(way -> settle(way, answer));
  }

  @Override
  public final CompletionStage<Void> releaseAsync() {
    return shown(way -> release(way).thenAccept(released -> {}));
  }

  @Override
  public final CompletionStage<Optional<CallRequest>> heldForAsync() {
    return shown(this::heldFor);
  }

  private <T> CompletableFuture<T> shown(Function<Way, CompletableFuture<T>> done) {
    return desk.staged().shown(done);
  }

  private CompletableFuture<Receipt> settle(Way way, Usage actual) {
    if (!actual.id().equals(id)) {
      throw new IllegalArgumentException(
          "id of the settled record must be that of its hold, %s, was %s"
              .formatted(id, actual.id()));
    }
    return way.handOver(
            heldFor(way)
                .exceptionally(
                    failure -> {
                      // not compared with what was asked for
                      BackendException unused = OutageCheck.require(Stages.thrown(failure));
                      return Optional.empty();
                    }))
        .thenCompose(
            held ->
                settleTold(
                    way,
                    held.map(call -> Attested.complete(actual, call)).orElse(actual),
                    Given.DURATIONS));
  }

  private CompletableFuture<Receipt> settle(Way way, ModelAnswer answer) {
    return way.handOver(heldFor(way))
        .thenCompose(held -> settle(way, held.orElseThrow(this::nobodyTells), answer))
        .thenApply(
            receipt -> {
              desk.unread(answer.unread());
              return receipt;
            });
  }

  private CompletableFuture<Receipt> settle(Way way, CallRequest held, ModelAnswer answer) {
    CallRecord record = CallRecord.of(id, UsageId.timeOf(id), held).answer(answer);
    return settleTold(way, record.build(), record.given());
  }

  private IllegalStateException nobodyTells() {
    return new IllegalStateException(
        "hold %s was released, or never taken, so that nothing tells which call it was: settle it with a whole Usage"
            .formatted(id));
  }
}
