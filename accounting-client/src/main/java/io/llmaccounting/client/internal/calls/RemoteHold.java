package io.llmaccounting.client.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A hold that the server keeps. Safe for use by many threads. */
final class RemoteHold implements HeldCall {
  private final CallDesk desk;
  private final UUID id;
  private final @Nullable CallRequest heldFor;

  /**
   * A hold.
   *
   * @param heldFor what it was taken for; null where it was taken elsewhere
   */
  RemoteHold(CallDesk desk, UUID id, @Nullable CallRequest heldFor) {
    this.desk = desk;
    this.id = id;
    this.heldFor = heldFor;
  }

  @Override
  public UUID id() {
    return id;
  }

  private CompletableFuture<Decision> growing(CallRequest total) {
    CallRequest known =
        heldFor == null
            ? desk.holds().attributed(total)
            : total.attribution(total.attribution().orElse(heldFor.attribution()));
    return desk.holds().grow(id, known);
  }

  @Override
  public Decision grow(CallRequest total) {
    return told(total, Stages.join(growing(total)));
  }

  @Override
  public CompletionStage<Decision> growAsync(CallRequest total) {
    return desk.stages()
        .shown(growing(total), (decision, failure) -> told(total, required(decision, failure)));
  }

  private Decision told(CallRequest total, Decision decision) {
    if (decision instanceof Decision.Denied denied) {
      desk.denied(total, denied);
    }
    return decision;
  }

  private static <T> T required(@Nullable T value, @Nullable RuntimeException failure) {
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(value, "there is an outcome where nothing failed");
  }

  @Override
  public Instant renew() {
    return Stages.join(desk.holds().renew(id));
  }

  @Override
  public CompletionStage<Instant> renewAsync() {
    return desk.stages().shown(desk.holds().renew(id), RemoteHold::required);
  }

  private Usage checked(Usage actual) {
    if (!actual.id().equals(id)) {
      throw new IllegalArgumentException(
          "id of the settled record must be that of its hold, %s, was %s"
              .formatted(id, actual.id()));
    }
    return actual;
  }

  private Usage of(ModelAnswer answer) {
    CallRequest held = heldFor;
    if (held == null) {
      throw new IllegalStateException(
          "hold %s was taken elsewhere, and the server does not tell for which call: settle it with a whole Usage"
              .formatted(id));
    }
    CallRecord record = CallRecord.of(id, UsageId.timeOf(id), held);
    record.answer(answer);
    return record.build();
  }

  @Override
  public Receipt settle(Usage actual) {
    Usage usage = checked(actual);
    Receipt receipt = Stages.join(desk.holds().record(usage, true));
    desk.recorded(usage, receipt);
    return receipt;
  }

  @Override
  public CompletionStage<Receipt> settleAsync(Usage actual) {
    Usage usage = checked(actual);
    return desk.stages()
        .shown(
            desk.holds().record(usage, true),
            (told, failure) -> {
              Receipt receipt = required(told, failure);
              desk.recorded(usage, receipt);
              return receipt;
            });
  }

  @Override
  public Receipt settle(ModelAnswer answer) {
    return settle(of(answer));
  }

  @Override
  public CompletionStage<Receipt> settleAsync(ModelAnswer answer) {
    return settleAsync(of(answer));
  }

  @Override
  public void release() {
    boolean unused = Stages.join(desk.holds().release(id));
  }

  @Override
  public CompletionStage<Void> releaseAsync() {
    return desk.stages()
        .shown(
            desk.holds().release(id), (released, failure) -> RemoteHold.required(released, failure))
        .thenAccept(released -> {});
  }

  @Override
  public CompletionStage<Optional<CallRequest>> heldForAsync() {
    return heldFor == null
        ? CompletableFuture.failedFuture(
            new BackendException(
                BackendException.Kind.REJECTED,
                "the server does not tell for which call hold %s was taken".formatted(id)))
        : CompletableFuture.completedFuture(Optional.of(heldFor));
  }
}
