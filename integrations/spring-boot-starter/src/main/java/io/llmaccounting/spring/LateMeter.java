package io.llmaccounting.spring;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The accounting, asked for when the first call is made: models may be made before it. */
final class LateMeter implements CallMeter {
  private final Supplier<? extends CallMeter> source;

  LateMeter(Supplier<? extends CallMeter> source) {
    this.source = source;
  }

  @Override
  public LlmCall begin(CallRequest request) {
    return source.get().begin(request);
  }

  @Override
  public CompletionStage<LlmCall> beginAsync(CallRequest request) {
    return source.get().beginAsync(request);
  }

  @Override
  public Receipt track(Usage usage) {
    return source.get().track(usage);
  }

  @Override
  public CompletionStage<Receipt> trackAsync(Usage usage) {
    return source.get().trackAsync(usage);
  }

  @Override
  public void adapterFailed(Throwable failure) {
    source.get().adapterFailed(failure);
  }

  @Override
  public UUID newId() {
    return source.get().newId();
  }
}
