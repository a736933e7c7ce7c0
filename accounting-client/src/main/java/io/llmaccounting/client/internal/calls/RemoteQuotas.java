package io.llmaccounting.client.internal.calls;

import io.llmaccounting.client.internal.calls.HoldDesk.Granted;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Explanation;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.QuotaService;
import io.llmaccounting.limit.Reservation;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks the server whether calls may go ahead. Safe for use by many threads. */
public final class RemoteQuotas implements QuotaService {
  private final CallDesk desk;

  /** Asks by {@code desk}. */
  public RemoteQuotas(CallDesk desk) {
    this.desk = desk;
  }

  @Override
  public Decision check(CallRequest request) {
    return Stages.join(desk.holds().check(desk.holds().attributed(request)));
  }

  @Override
  public CompletionStage<Decision> checkAsync(CallRequest request) {
    return desk.stages()
        .shown(
            desk.holds().check(desk.holds().attributed(request)),
            (decision, failure) -> required(decision, failure));
  }

  private static <T> T required(@Nullable T value, @Nullable RuntimeException failure) {
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(value, "there is an outcome where nothing failed");
  }

  @Override
  public Reservation reserve(CallRequest request) {
    CallRequest asked = desk.holds().attributed(request);
    return reserved(asked, Stages.join(desk.holds().reserve(asked)));
  }

  private Reservation reserved(CallRequest asked, Granted granted) {
    if (granted.decision() instanceof Decision.Denied denied) {
      desk.denied(asked, denied);
    }
    UUID id = granted.id();
    return new Reservation(granted.decision(), id == null ? null : new RemoteHold(desk, id, asked));
  }

  @Override
  public CompletionStage<Reservation> reserveAsync(CallRequest request) {
    CallRequest asked = desk.holds().attributed(request);
    CompletableFuture<Reservation> shown = new CompletableFuture<>();
    boolean unused =
        desk.holds()
            .reserve(asked)
            .whenComplete(
                (granted, failure) -> desk.stages().run(() -> show(shown, asked, granted, failure)))
            .isDone();
    return shown;
  }

  private void show(
      CompletableFuture<Reservation> shown,
      CallRequest asked,
      @Nullable Granted granted,
      @Nullable Throwable failure) {
    try {
      Granted told = required(granted, failure == null ? null : Stages.known(failure));
      UUID id = told.id();
      if (!shown.complete(reserved(asked, told)) && id != null) {
        desk.holds().withdraw(id);
      }
    } catch (Throwable e) {
      shown.completeExceptionally(e);
    }
  }

  @Override
  public HeldCall hold(UUID id) {
    return new RemoteHold(desk, id, null);
  }

  @Override
  public List<LimitStatus> status(CallRequest request) {
    Decision decision = check(request.inputTokens(0).maxOutputTokens(0));
    return decision instanceof Decision.Denied denied
        ? denied.exceeded().stream().map(Exceeded::status).toList()
        : ((Decision.Admitted) decision).limits();
  }

  @Override
  public Explanation explain(CallRequest request) {
    throw new UnsupportedOperationException(
        "a server does not explain which limits watch a call; ask status, or the command line beside the database");
  }
}
