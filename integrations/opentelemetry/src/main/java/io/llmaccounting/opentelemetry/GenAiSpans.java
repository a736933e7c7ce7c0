package io.llmaccounting.opentelemetry;

import io.llmaccounting.usage.Usage;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records calls that spans of other instrumentation tell of, under their newest and older names.
 * Each span is recorded once, under its own id as key. Spans without a model or without any tokens,
 * those of agents and tools, whose calls have spans of their own, and those of {@link
 * AccountingTelemetry} are passed over. Nothing is refused by it: a span tells of a call that was
 * made. Safe for use by many threads.
 */
public final class GenAiSpans implements SpanProcessor {
  private final Consumer<Usage> recorder;
  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable RuntimeException lastFailure;

  /**
   * Hands every call to {@code recorder}, on the thread that ends the span: {@code usage ->
   * accounting.trackAsync(usage)} does not hold it up.
   */
  public GenAiSpans(Consumer<Usage> recorder) {
    this.recorder = Objects.requireNonNull(recorder, "recorder is required, was null");
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (span.getInstrumentationScopeInfo().getName().equals(AccountingTelemetry.SCOPE)) {
      return;
    }
    // whatever is wrong with a span or with the recorder, the application's call is done
    try {
      SpanData data = span.toSpanData();
      SpanUsage.of(data).ifPresent(recorder);
    } catch (RuntimeException e) {
      lastFailure = e;
      failures.incrementAndGet();
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  /** How many spans could not be read or recorded. */
  public long failures() {
    return failures.get();
  }

  /** Why the last of them could not; empty if there was none. */
  public Optional<RuntimeException> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }
}
