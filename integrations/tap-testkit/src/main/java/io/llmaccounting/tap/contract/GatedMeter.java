package io.llmaccounting.tap.contract;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A meter that lets no call begin until it is opened. Safe for use by many threads. */
public final class GatedMeter implements CallMeter {
  private static final long PATIENCE = 30;

  private final CallMeter meter;
  private final CompletableFuture<CompletableFuture<LlmCall>> asked = new CompletableFuture<>();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();

  /** Lets calls begin by {@code meter}. */
  public GatedMeter(CallMeter meter) {
    this.meter = meter;
  }

  /**
   * Waits until somebody asks for room, for at most half a minute; returns what that one waits for.
   */
  public CompletableFuture<LlmCall> awaitAsked() throws Exception {
    return asked.get(PATIENCE, TimeUnit.SECONDS);
  }

  /** Lets calls begin, those that wait and all others. */
  public void open() {
    opened.complete(null);
  }

  @Override
  public LlmCall begin(CallRequest request) {
    asked.complete(new CompletableFuture<>());
    Void unused = opened.orTimeout(PATIENCE, TimeUnit.SECONDS).join();
    return meter.begin(request);
  }

  @Override
  public CompletionStage<LlmCall> beginAsync(CallRequest request) {
    CompletableFuture<LlmCall> waiting = new CompletableFuture<>();
    asked.complete(waiting);
    opened.thenRun(
        () -> {
          if (!waiting.isDone()) {
            waiting.complete(meter.begin(request));
          }
        });
    return waiting;
  }

  @Override
  public Receipt track(Usage usage) {
    return meter.track(usage);
  }

  @Override
  public CompletionStage<Receipt> trackAsync(Usage usage) {
    return meter.trackAsync(usage);
  }

  @Override
  public void adapterFailed(Throwable failure) {
    meter.adapterFailed(failure);
  }

  @Override
  public UUID newId() {
    return meter.newId();
  }
}
